import type { Probe } from './probe.js';
import { rally } from './rally.js';

/** Every probe by name. */
export const PROBES: Readonly<Record<string, Probe>> = { rally };
