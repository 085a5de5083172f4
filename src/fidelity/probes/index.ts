import type { Probe } from './probe.js';

/** Every probe by name. */
export const PROBES: Readonly<Record<string, Probe>> = {};
