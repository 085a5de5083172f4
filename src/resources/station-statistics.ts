import { LevelTimes } from './level-times.js';

/**
 * What a station did since its statistics were last reset. The *queue* is the jobs that wait, those
 * in service not counted. Where cores are shared nobody waits in a line: there the queue is the jobs
 * beyond the cores, as many as would wait if each job held a whole core.
 */
export interface StationStatistics {
  /** Mean share of the servers that were busy, 0 to 1; NaN where their number has no meaning. */
  utilisation: number;
  /** Time-weighted mean of the queue. */
  meanQueueLength: number;
  /** The queue was at most this long in 95 % of the time: exact to 31, then within 1/32. */
  p95QueueLength: number;
  /** Time-weighted mean of the jobs waiting or in service. */
  meanInSystem: number;
  /** Jobs that came, those that had to wait included. */
  arrivals: number;
  /** Jobs that were served to the end. */
  departures: number;
  /** Jobs that gave up waiting. */
  abandoned: number;
  /** Server time spent on jobs, in ms: two servers busy for 1 ms make 2 ms. */
  busyMs: number;
  /**
   * Queueing time by arrival, in ms: the integral of the queue over the arrivals. It is the mean
   * wait of a job (with shared cores, the mean time lost by sharing) but for the jobs that wait at
   * either end of the interval, who count for the part of their wait that lies in it.
   */
  meanWaitMs: number;
}

/**
 * The meter in every station. `busy` and `waiting` are the levels since the last `advance`: call
 * that first, then change them. It is not the general time-weighted mean because it is run twice for
 * every CPU step of a simulation: it reads the clock once for both levels, and touches what concerns
 * the queue only while there is one.
 */
export class StationMeter {
  /** Servers in use. */
  busy = 0;
  /** Jobs in the queue. */
  waiting = 0;
  arrivals = 0;
  abandoned = 0;
  private lastMs: number;
  private sinceMs: number;
  private busyAreaMs = 0;
  private queueAreaMs = 0;
  private inSystemAtReset = 0;
  private readonly queueTimes = new LevelTimes();

  /** `servers` is what a utilisation of 1 means; NaN for none. */
  constructor(
    private readonly servers: number,
    nowMs: number,
  ) {
    this.lastMs = nowMs;
    this.sinceMs = nowMs;
  }

  /** Accounts for the time since the last call. Returns the queueing time in it, in job-ms. */
  advance(nowMs: number): number {
    const elapsedMs = nowMs - this.lastMs;
    this.lastMs = nowMs;
    this.busyAreaMs += this.busy * elapsedMs;
    if (this.waiting === 0 || elapsedMs === 0) return 0;
    const queuedMs = this.waiting * elapsedMs;
    this.queueAreaMs += queuedMs;
    this.queueTimes.add(this.waiting, elapsedMs);
    return queuedMs;
  }

  /** Forgets all but the present levels. */
  reset(nowMs: number): void {
    this.lastMs = nowMs;
    this.sinceMs = nowMs;
    this.arrivals = 0;
    this.abandoned = 0;
    this.busyAreaMs = 0;
    this.queueAreaMs = 0;
    this.inSystemAtReset = this.busy + this.waiting;
    this.queueTimes.reset();
  }

  /** Call `advance` first. Means over no time, and waits of no arrivals, are NaN. */
  read(): StationStatistics {
    const elapsedMs = this.lastMs - this.sinceMs;
    const inSystem = this.busy + this.waiting;
    return {
      utilisation: this.busyAreaMs / (this.servers * elapsedMs),
      meanQueueLength: this.queueAreaMs / elapsedMs,
      p95QueueLength: this.queueTimes.quantile(0.95, elapsedMs),
      meanInSystem: (this.busyAreaMs + this.queueAreaMs) / elapsedMs,
      arrivals: this.arrivals,
      departures: this.inSystemAtReset + this.arrivals - this.abandoned - inSystem,
      abandoned: this.abandoned,
      busyMs: this.busyAreaMs,
      meanWaitMs: this.queueAreaMs / this.arrivals,
    };
  }
}
