import { defineEventKind } from '../kernel/event-kind.js';
import type { RandomStream } from '../random/index.js';
import type { WorkloadPlace } from './operation-picker.js';

const userBegins = defineEventKind('workload-user-begins', (runner: ClosedRunner) =>
  runner.request(),
);
const requestEnded = defineEventKind('workload-request-ended', (runner: ClosedRunner) =>
  runner.think(),
);

/**
 * Requests beyond one for each user that may begin at one instant. Users without think time whose
 * requests end in no time would begin for ever, and the clock would stand still.
 */
const MOST_REPEATS_AT_ONCE = 10_000;

/** What a closed runner needs of `Arrivals`. */
export interface ClosedArrivals {
  readonly concurrency: number;
  readonly times: number;
  readonly thinkTimeMs: number;
  readonly thinkTimeDistribution: 'constant' | 'exponential';
}

/**
 * Rally's way: so many users at once, each begins anew when its last request has ended, well or not,
 * and its think time is over. Users share the count of requests to make.
 */
export class ClosedRunner {
  private begun = 0;
  private instantMs = -1;
  private begunAtInstant = 0;

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

  /** @throws Error if the requests end in no time and there is no think time. */
  request(): void {
    if (this.begun >= this.arrivals.times) return;
    this.begun++;
    const { simulator, starter, picker, site } = this.place;
    if (simulator.now !== this.instantMs) {
      this.instantMs = simulator.now;
      this.begunAtInstant = 0;
    }
    if (++this.begunAtInstant > this.arrivals.concurrency + MOST_REPEATS_AT_ONCE) this.refuse();
    starter.start(picker.next(), site, requestEnded, this, site);
  }

  /** The stream is named `think/<entry>/<site>`. */
  private refuse(): never {
    const [, ...place] = this.stream.name.split('/');
    throw new Error(
      `workload ${place.join('/')}: ${this.begunAtInstant} requests begin at ${this.instantMs} ms, ` +
        'each as soon as the last has ended in no time; give the users a think time',
    );
  }

  think(): void {
    if (this.begun >= this.arrivals.times) return;
    const { thinkTimeMs, thinkTimeDistribution } = this.arrivals;
    const factor =
      thinkTimeDistribution === 'exponential' ? -Math.log1p(-this.stream.uniform()) : 1;
    this.place.simulator.schedule(thinkTimeMs * factor, userBegins, this, this.place.site);
  }
}
