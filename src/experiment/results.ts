import type { TimeCategory } from '../operations/time-split.js';

/** Result of one operation (or one milestone of it) in one run, over the measured interval. */
export interface OperationResult {
  /** Such as `server-create`. */
  operation: string;
  /** Such as `accepted`, `active`; `done` for an operation without milestones. */
  milestone: string;
  /** Requests begun after the warm-up cut. started = ok + failed + unfinished. */
  started: number;
  ok: number;
  failed: number;
  unfinished: number;
  /** Latency in ms over the ok ones; NaN where there is none. */
  meanMs: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Standard deviation; NaN below two. */
  deviationMs?: number;
  /** Mean and standard deviation without the values above the 95th percentile. */
  trimmedMeanMs?: number;
  trimmedDeviationMs?: number;
  /** Mean ms in each category over the ok ones; they add up to meanMs. */
  split: Record<TimeCategory, number>;
}

/** A service group, broker, database or control node over the measured interval. */
export interface ComponentResult {
  /** Such as `nova-api`, `rabbitmq/bus`, `mariadb/main`. */
  component: string;
  kind: 'service' | 'broker' | 'database' | 'node' | 'computes';
  site: string;
  instances: number;
  /** Busy share of what runs out first: slots or processes of a service, cores of all else. */
  utilisation: number;
  meanQueueLength: number;
  p95QueueLength: number;
  /** Requests, messages or statements a second. */
  ratePerS: number;
  cpuS: number;
  /** NaN where not modelled. */
  memoryBytes: number;
  /** Of a database's follower: share of its reads that found it behind the writer. */
  staleReadShare?: number;
  /** Mean ms from a commit at the writer to its being readable here; NaN without a commit. */
  replicationLagMs?: number;
  /** Of a node whose cores slow each other down: demand (`cpuS` of what runs there) done in 1 s of a busy core. */
  coreSpeed?: number;
}

/** What one link carried of one kind of traffic over the measured interval, both directions. */
export interface LinkResult {
  /** `siteA--siteB`. */
  link: string;
  /** Such as `rest`, `rpc`, `sql`, `replication`, `image`. */
  traffic: string;
  bytes: number;
  messages: number;
  /** Share of the capacity, all kinds together, in the direction that carried more. */
  meanUtilisation: number;
  /** The same in the busiest window of 10 s. */
  peakUtilisation: number;
}

/** Requests begun in the measured interval that failed for one reason. */
export interface FailedRequests {
  /** Such as `server-create`, or `periodic task`. */
  operation: string;
  /** Such as `MessagingTimeout`, `no valid host`. */
  reason: string;
  count: number;
}

/** One scenario, one replication, one seed. Plain data: it crosses threads and is stored. */
export interface RunResult {
  /** Number of the design point, from 1. */
  point: number;
  replication: number;
  /** Factor path to level, printed form. */
  factors: Record<string, string>;
  operations: OperationResult[];
  /** Absent where none failed. */
  failedRequests?: FailedRequests[];
  components: ComponentResult[];
  links: LinkResult[];
  /** True when a queue or the number of unfinished requests still grew at the end. */
  saturated: boolean;
  /** Which component or operation made it so, for the message. */
  saturatedBy: string;
  warmUpMs: number;
  measuredMs: number;
  eventCount: number;
  fingerprint: string;
}

/** A run that threw. */
export interface RunFailure {
  point: number;
  replication: number;
  factors: Record<string, string>;
  seed: string;
  message: string;
}
