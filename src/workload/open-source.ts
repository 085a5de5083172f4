import { defineEventKind } from '../kernel/event-kind.js';
import type { RandomStream } from '../random/index.js';
import type { WorkloadPlace } from './operation-picker.js';

const arrival = defineEventKind('workload-arrival', (source: OpenSource) => source.arrive());
const ignoreEnd = defineEventKind('workload-open-end', () => {});

/** Requests that come whatever became of those before: Poisson, or one every 1/rate. */
export class OpenSource {
  constructor(
    private readonly place: WorkloadPlace,
    private readonly ratePerMs: number,
    /** True: exponential gaps; false: constant gaps after a random phase. */
    private readonly random: boolean,
    private readonly stream: RandomStream,
  ) {}

  begin(startMs: number): void {
    if (!(this.ratePerMs > 0)) return;
    const firstMs = this.random ? this.gapMs() : this.stream.uniform() / this.ratePerMs;
    this.place.simulator.scheduleAt(startMs + firstMs, arrival, this, this.place.site);
  }

  private gapMs(): number {
    if (!this.random) return 1 / this.ratePerMs;
    return -Math.log1p(-this.stream.uniform()) / this.ratePerMs;
  }

  arrive(): void {
    const { simulator, starter, picker, site } = this.place;
    simulator.schedule(this.gapMs(), arrival, this, site);
    starter.start(picker.next(), site, ignoreEnd, undefined, site);
  }
}
