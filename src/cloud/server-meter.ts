import type { Simulator } from '../kernel/simulator.js';
import { LevelTimes } from '../resources/level-times.js';

/** What a broker or database replica did since its statistics were last reset. */
export interface ServerResult {
  /** Backend and id, such as `rabbitmq/bus`. */
  readonly component: string;
  /** Index of its site. */
  readonly site: number;
  readonly instances: number;
  /** Share of its node's cores that its own work took. */
  readonly utilisation: number;
  /** Messages or transactions inside, waiting or in service. */
  readonly meanQueueLength: number;
  readonly p95QueueLength: number;
  /** Messages or statements a second. */
  readonly ratePerS: number;
  readonly cpuS: number;
  readonly memoryBytes: number;
  /** Of a follower that lags: share of its reads that found it behind the writer. */
  readonly staleReadShare?: number;
  /** Mean time from a commit at the writer to its being readable here, in ms. */
  readonly replicationLagMs?: number;
}

/** Counts work, and what is inside a server over time. */
export class ServerMeter {
  connections = 0;
  private items = 0;
  private cpuMs = 0;
  private inside = 0;
  private area = 0;
  private sinceMs = 0;
  private startMs = 0;
  private readonly levels = new LevelTimes();

  constructor(private readonly simulator: Simulator) {}

  /** A job of `items` messages or statements came. */
  came(items: number, demandMs: number): void {
    this.items += items;
    this.cpuMs += demandMs;
    this.change(1);
  }

  left(): void {
    this.change(-1);
  }

  /** CPU of something that is not a job, such as a connection's set-up. */
  work(demandMs: number): void {
    this.cpuMs += demandMs;
  }

  private change(by: number): void {
    const { now } = this.simulator;
    const spanMs = now - this.sinceMs;
    if (this.inside > 0) {
      this.area += this.inside * spanMs;
      this.levels.add(this.inside, spanMs);
    }
    this.sinceMs = now;
    this.inside += by;
  }

  reset(): void {
    const { now } = this.simulator;
    this.items = 0;
    this.cpuMs = 0;
    this.area = 0;
    this.sinceMs = now;
    this.startMs = now;
    this.levels.reset();
  }

  /** @param idleCpuMs CPU of the interval that no job asked for */
  result(
    component: string,
    site: number,
    cores: number,
    memoryBytes: number,
    idleCpuMs = 0,
  ): ServerResult {
    this.change(0);
    const spanMs = this.simulator.now - this.startMs;
    const cpuMs = this.cpuMs + idleCpuMs;
    return {
      component,
      site,
      instances: 1,
      utilisation: cpuMs / (spanMs * cores),
      meanQueueLength: this.area / spanMs,
      p95QueueLength: this.levels.quantile(0.95, spanMs),
      ratePerS: (this.items / spanMs) * 1000,
      cpuS: cpuMs / 1000,
      memoryBytes,
    };
  }

  /** Since the last reset, in ms. */
  get spanMs(): number {
    return this.simulator.now - this.startMs;
  }
}
