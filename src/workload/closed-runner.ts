import { defineEventKind } from '../kernel/event-kind.js';
import type { RandomStream } from '../random/index.js';
import type { WorkloadPlace } from './operation-picker.js';

const userBegins = defineEventKind('workload-user-begins', (runner: ClosedRunner) =>
  runner.request(),
);
const requestEnded = defineEventKind('workload-request-ended', (runner: ClosedRunner) =>
  runner.think(),
);

/** What a closed runner needs of `Arrivals`. */
export interface ClosedArrivals {
  readonly concurrency: number;
  readonly times: number;
  readonly thinkTimeMs: number;
  readonly thinkTimeDistribution: 'constant' | 'exponential';
}

/** Rally's way: so many users at once, each begins anew when its last request has ended. */
export class ClosedRunner {
  private begun = 0;

  constructor(
    private readonly place: WorkloadPlace,
    private readonly arrivals: ClosedArrivals,
    private readonly stream: RandomStream,
  ) {}

  begin(startMs: number): void {
    const users = Math.min(this.arrivals.concurrency, this.arrivals.times);
    for (let user = 0; user < users; user++) {
      this.place.simulator.scheduleAt(startMs, userBegins, this, this.place.site);
    }
  }

  request(): void {
    if (this.begun >= this.arrivals.times) return;
    this.begun++;
    const { starter, picker, site } = this.place;
    starter.start(picker.next(), site, requestEnded, this, site);
  }

  think(): void {
    if (this.begun >= this.arrivals.times) return;
    const { thinkTimeMs, thinkTimeDistribution } = this.arrivals;
    const factor =
      thinkTimeDistribution === 'exponential' ? -Math.log1p(-this.stream.uniform()) : 1;
    this.place.simulator.schedule(thinkTimeMs * factor, userBegins, this, this.place.site);
  }
}
