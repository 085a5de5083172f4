import { defineEventKind } from '../kernel/event-kind.js';
import type { WorkloadPlace } from './operation-picker.js';

const traced = defineEventKind('workload-traced-arrival', (source: TraceSource) => source.arrive());
const ignoreEnd = defineEventKind('workload-traced-end', () => {});

/** Requests at given times, which may be listed in any order. */
export class TraceSource {
  private next = 0;
  private readonly timesMs: Float64Array;

  /** @throws RangeError for a time that is not a number from 0. */
  constructor(
    private readonly place: WorkloadPlace,
    timesMs: readonly number[],
  ) {
    this.timesMs = Float64Array.from(timesMs).sort();
    const bad = timesMs.find((time) => !(time >= 0));
    if (bad !== undefined) throw new RangeError(`an arrival at ${bad} ms; a time from 0 is needed`);
  }

  begin(): void {
    if (this.next === this.timesMs.length) return;
    const { simulator, site } = this.place;
    simulator.scheduleAt(this.timesMs[this.next++], traced, this, site);
  }

  arrive(): void {
    const { starter, picker, site } = this.place;
    this.begin();
    starter.start(picker.next(), site, ignoreEnd, undefined, site);
  }
}
