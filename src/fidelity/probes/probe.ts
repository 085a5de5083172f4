import type { BackendConstants } from '../../cloud/backend-constants.js';

/** Plain data. */
export type ProbeParameter =
  | number
  | string
  | boolean
  | null
  | readonly ProbeParameter[]
  | { readonly [name: string]: ProbeParameter };

export type ProbeParameters = Readonly<Record<string, ProbeParameter>>;

/** What a probe measured, by name: latencies in ms, rates in 1/s, as its file says. */
export type ProbeValues = Readonly<Record<string, number>>;

/** What a probe has besides its parameters. */
export interface ProbeContext {
  /** Seed of its random streams; another for each replication. */
  readonly seed: string;
  /** models/backends/*.yaml by name. */
  readonly backends: Readonly<Record<string, BackendConstants>>;
}

/**
 * Simulates single components with clients of its own, without a control plane around them, as
 * the primitives were measured.
 */
export type Probe = (parameters: ProbeParameters, context: ProbeContext) => ProbeValues;

/** A probe with what it is given. Plain data. */
export interface ProbeSetUp {
  /** Name in `PROBES`. */
  readonly probe: string;
  readonly parameters: ProbeParameters;
}
