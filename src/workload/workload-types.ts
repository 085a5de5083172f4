/** Chance of each operation in a mix; weights need not add up to 1. */
export interface OperationMix {
  readonly operation: string;
  readonly weight: number;
}

/** How requests come. Rates are per site that they come from. */
export type Arrivals =
  | { readonly type: 'poisson'; readonly ratePerMs: number }
  | { readonly type: 'constant-rate'; readonly ratePerMs: number }
  /**
   * Rally-style: `concurrency` users per site, each begins the next request when the last has ended
   * and its think time is over, `times` requests per site in all (Infinity: until the end).
   * `serial` is concurrency 1.
   */
  | {
      readonly type: 'closed';
      readonly concurrency: number;
      readonly times: number;
      readonly thinkTimeMs: number;
      readonly thinkTimeDistribution: 'constant' | 'exponential';
    }
  /** At the given times, in ms of simulated time whatever the entry's start: a trace. */
  | { readonly type: 'times'; readonly timesMs: readonly number[] }
  /** `count` requests per site at once. */
  | { readonly type: 'burst'; readonly count: number };

/** One line of the workload, resolved: numbers in ms, sites by id. */
export interface WorkloadEntry {
  /** Unique in a scenario; it names the random streams (`arrivals/<name>/<site>`). */
  readonly name: string;
  readonly mix: readonly OperationMix[];
  /** True: the operations of the mix in turn, at each site; false: drawn by weight. Default false. */
  readonly inTurn?: boolean;
  readonly sites: readonly string[];
  readonly arrivals: Arrivals;
  /** When it begins, in ms of simulated time. */
  readonly startMs: number;
}
