import type { EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import { checkCount } from './station-checks.js';
import { StationMeter, type StationStatistics } from './station-statistics.js';
import { WaitQueue } from './wait-queue.js';

/**
 * A number of equal units, such as the worker slots of a service, with a line of those who wait for
 * one. Nobody overtakes: a unit that is released goes to the first in line.
 *
 * @example
 * if (slots.acquire(resume, request, 17)) serve(request);
 * // else resume.run(request, 17) when a slot is held
 * slots.release();
 */
export class Semaphore {
  private readonly waiters = new WaitQueue();
  private readonly meter: StationMeter;

  /**
   * @param measuredFromMs since when no unit was in use; default: now.
   * @throws RangeError unless `capacity` is an integer from 1, or Infinity.
   */
  constructor(
    private readonly simulator: Simulator,
    readonly capacity: number,
    measuredFromMs = simulator.now,
  ) {
    checkCount('capacity', capacity, 1);
    this.meter = new StationMeter(capacity, measuredFromMs);
  }

  /** Units in use. */
  get held(): number {
    return this.meter.busy;
  }

  /** Who wait for a unit. */
  get waiting(): number {
    return this.meter.waiting;
  }

  /**
   * Takes a unit. True: it is held at once, and the continuation is not called. False: it waits, and
   * the continuation is scheduled at the time at which the unit is held.
   */
  acquire<Target>(kind: EventKind<Target>, target: Target, argument: number): boolean {
    const { meter } = this;
    meter.advance(this.simulator.now);
    meter.arrivals++;
    if (meter.busy < this.capacity) {
      meter.busy++;
      return true;
    }
    meter.waiting++;
    this.waiters.push(kind, target, argument);
    return false;
  }

  /**
   * Gives a unit back: to the first in line, if there is one.
   * @throws Error if no unit is in use.
   */
  release(): void {
    const { meter, waiters } = this;
    if (meter.busy === 0) throw new Error('a unit is released that is not held');
    meter.advance(this.simulator.now);
    if (waiters.length === 0) {
      meter.busy--;
      return;
    }
    const place = waiters.first();
    const kind = waiters.kinds[place] as EventKind<unknown>;
    this.simulator.schedule(0, kind, waiters.targets[place], waiters.numbers[place]);
    waiters.dropFirst();
    meter.waiting--;
  }

  /**
   * Leaves the line. False if nobody waits for this target and argument: then either the unit is
   * held already, even if its continuation has still to run, or it was never asked for.
   */
  abandon(target: unknown, argument: number): boolean {
    if (!this.waiters.abandon(target, argument)) return false;
    const { meter } = this;
    meter.advance(this.simulator.now);
    meter.waiting--;
    meter.abandoned++;
    return true;
  }

  /** The queue is who wait for a unit; busy is units held. */
  statistics(): StationStatistics {
    this.meter.advance(this.simulator.now);
    return this.meter.read();
  }

  resetStatistics(): void {
    this.meter.reset(this.simulator.now);
  }
}
