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
  /** Units in use. */
  held = 0;
  /** Who wait; most never have any. */
  private waiters: WaitQueue | undefined;
  private readonly meter: StationMeter | undefined;

  /**
   * @param measuredFromMs since when no unit was in use; default: now.
   * @param isMetered false saves the statistics, where nobody asks for them; default true.
   * @throws RangeError unless `capacity` is an integer from 1, or Infinity.
   */
  constructor(
    private readonly simulator: Simulator,
    readonly capacity: number,
    measuredFromMs = simulator.now,
    isMetered = true,
  ) {
    checkCount('capacity', capacity, 1);
    if (isMetered) this.meter = new StationMeter(capacity, measuredFromMs);
  }

  /** Who wait for a unit. */
  get waiting(): number {
    return this.waiters?.length ?? 0;
  }

  /**
   * Takes a unit. True: it is held at once, and the continuation is not called. False: it waits, and
   * the continuation is scheduled at the time at which the unit is held.
   */
  acquire<Target>(kind: EventKind<Target>, target: Target, argument: number): boolean {
    const isFree = this.held < this.capacity;
    if (isFree) {
      this.held++;
    } else {
      this.waiters ??= new WaitQueue();
      this.waiters.push(kind, target, argument);
    }
    this.count(1);
    return isFree;
  }

  /**
   * Gives a unit back: to the first in line, if there is one.
   * @throws Error if no unit is in use.
   */
  release(): void {
    const { waiters } = this;
    if (this.held === 0) throw new Error('a unit is released that is not held');
    if (waiters === undefined || waiters.length === 0) {
      this.held--;
    } else {
      const place = waiters.first();
      const kind = waiters.kinds[place] as EventKind<unknown>;
      this.simulator.schedule(0, kind, waiters.targets[place], waiters.numbers[place]);
      waiters.dropFirst();
    }
    this.count(0);
  }

  /**
   * Leaves the line. False if nobody waits for this target and argument: then either the unit is
   * held already, even if its continuation has still to run, or it was never asked for.
   */
  abandon(target: unknown, argument: number): boolean {
    if (!this.waiters?.abandon(target, argument)) return false;
    this.count(0);
    if (this.meter) this.meter.abandoned++;
    return true;
  }

  /** Tells the meter how things stand from now on. */
  private count(arrivals: number): void {
    const { meter } = this;
    if (meter === undefined) return;
    meter.advance(this.simulator.now);
    meter.arrivals += arrivals;
    meter.busy = this.held;
    meter.waiting = this.waiting;
  }

  /**
   * The queue is who wait for a unit; busy is units held.
   * @throws Error where the semaphore is not metered.
   */
  statistics(): StationStatistics {
    const { meter } = this;
    if (meter === undefined) throw new Error('this semaphore is not metered');
    meter.advance(this.simulator.now);
    return meter.read();
  }

  resetStatistics(): void {
    this.meter?.reset(this.simulator.now);
  }
}
