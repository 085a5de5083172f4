import { defineEventKind, type EventKind } from './event-kind.js';
import type { Simulator } from './simulator.js';

/** Events of a kind as a lane fires them: the same in every fingerprint. Call it at module level. */
export function defineLaneKind<Target>(kind: EventKind<Target>): EventKind<Lane<Target>> {
  return defineEventKind(kind.name, (lane: Lane<Target>, argument) => lane.fire(kind, argument));
}

/**
 * Events that all fire equally long after they were scheduled, and cannot be cancelled. They need no
 * sorting: only the first is in the simulator's queue, the others stand in line and are met in the
 * order of memory. Thousands of timers of one period cost as little as one.
 *
 * Events of one lane keep their order. Against others of the same time, an event counts as scheduled
 * when it became the first of its lane.
 *
 * @example
 * const reportDueInLane = defineLaneKind(reportDue);
 * const lane = new Lane(simulator, 10_000, reportDueInLane);
 * lane.schedule(host, 3); // reportDue.run(host, 3) in 10 s
 */
export class Lane<Target> {
  /** Target of the event that is in the queue. */
  private first: Target | undefined;
  private hasFirst = false;
  private times = new Float64Array(16);
  private arguments = new Float64Array(16);
  private readonly targets: (Target | undefined)[] = new Array(16).fill(undefined);
  private next = 0;
  private count = 0;

  /** @throws RangeError if the delay is negative, NaN or infinite. */
  constructor(
    private readonly simulator: Simulator,
    readonly delayMs: number,
    private readonly kind: EventKind<Lane<Target>>,
  ) {
    if (delayMs >= 0 && delayMs < Infinity) return;
    throw new RangeError(`a lane's delay is ${delayMs} ms; a finite time of 0 or more is needed`);
  }

  /** Has an event fire `delayMs` from now. */
  schedule(target: Target, argument = 0): void {
    const { simulator } = this;
    const timeMs = simulator.now + this.delayMs;
    if (!this.hasFirst) {
      this.hasFirst = true;
      this.first = target;
      simulator.scheduleAt(timeMs, this.kind, this, argument);
      return;
    }
    if (this.count === this.times.length) this.grow();
    const place = (this.next + this.count) & (this.times.length - 1);
    this.times[place] = timeMs;
    this.arguments[place] = argument;
    this.targets[place] = target;
    this.count++;
    simulator.inLanes++;
  }

  /** For its own events: has the next stand first, then does what the first is for. */
  fire(kind: EventKind<Target>, argument: number): void {
    const target = this.first as Target;
    if (this.count === 0) {
      this.hasFirst = false;
      this.first = undefined;
    } else {
      const { next, simulator } = this;
      this.first = this.targets[next];
      this.targets[next] = undefined;
      this.next = (next + 1) & (this.times.length - 1);
      this.count--;
      simulator.inLanes--;
      simulator.scheduleAt(this.times[next], this.kind, this, this.arguments[next]);
    }
    kind.run(target, argument);
  }

  /** Doubles the ring, whose first place is `next` as it is full. */
  private grow(): void {
    const { next, targets } = this;
    const length = targets.length;
    this.times = unrolled(this.times, next);
    this.arguments = unrolled(this.arguments, next);
    targets.push(...targets.splice(0, next));
    for (let place = length; place < 2 * length; place++) targets.push(undefined);
    this.next = 0;
  }
}

function unrolled(ring: Float64Array, first: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(ring.length * 2);
  longer.set(ring.subarray(first));
  longer.set(ring.subarray(0, first), ring.length - first);
  return longer;
}
