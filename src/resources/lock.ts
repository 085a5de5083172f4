import type { EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import { Semaphore } from './semaphore.js';
import { StationMeter, type StationStatistics } from './station-statistics.js';
import { WaitQueue } from './wait-queue.js';

/** A lock with one holder and a line of those who wait for it: a semaphore of one unit. */
export class Lock extends Semaphore {
  constructor(simulator: Simulator) {
    super(simulator, 1);
  }
}

/** The line of every lock that nobody waits for; nothing is ever pushed into it. */
const NO_WAITERS = new WaitQueue();

/**
 * Locks by key, such as one per server or per host. A lock takes memory only while it is held, and a
 * line only while somebody waits.
 *
 * @example
 * if (locks.acquire(server, resume, request, 17)) update(request);
 * locks.release(server);
 */
export class LockTable {
  /** Lines of the locks that are held. */
  private readonly lines = new Map<number, WaitQueue>();
  private readonly idleLines: WaitQueue[] = [];
  private readonly meter: StationMeter;

  constructor(private readonly simulator: Simulator) {
    this.meter = new StationMeter(Number.NaN, simulator.now);
  }

  /** Locks that are held. */
  get held(): number {
    return this.lines.size;
  }

  isHeld(key: number): boolean {
    return this.lines.has(key);
  }

  /**
   * Takes the lock of `key`, an integer. True: it is held at once, and the continuation is not
   * called. False: it waits, and the continuation is scheduled at the time at which it is held.
   */
  acquire<Target>(key: number, kind: EventKind<Target>, target: Target, argument: number): boolean {
    const { lines, meter } = this;
    meter.advance(this.simulator.now);
    meter.arrivals++;
    let line = lines.get(key);
    if (line === undefined) {
      lines.set(key, NO_WAITERS);
      meter.busy++;
      return true;
    }
    if (line === NO_WAITERS) {
      line = this.idleLines.pop() ?? new WaitQueue();
      lines.set(key, line);
    }
    line.push(kind, target, argument);
    meter.waiting++;
    return false;
  }

  /**
   * Gives the lock of `key` to the first in line, or frees it.
   * @throws Error if it is not held.
   */
  release(key: number): void {
    const { lines, meter } = this;
    const line = lines.get(key);
    if (line === undefined) throw new Error(`lock ${key} is released that is not held`);
    meter.advance(this.simulator.now);
    if (line === NO_WAITERS) {
      lines.delete(key);
      meter.busy--;
      return;
    }
    const place = line.first();
    const kind = line.kinds[place] as EventKind<unknown>;
    this.simulator.schedule(0, kind, line.targets[place], line.numbers[place]);
    line.dropFirst();
    meter.waiting--;
    if (line.length === 0) this.freeLine(key, line);
  }

  /** Leaves the line of `key`; see `Semaphore.abandon`. */
  abandon(key: number, target: unknown, argument: number): boolean {
    const { meter } = this;
    const line = this.lines.get(key);
    if (line === undefined || !line.abandon(target, argument)) return false;
    meter.advance(this.simulator.now);
    meter.waiting--;
    meter.abandoned++;
    if (line.length === 0) this.freeLine(key, line);
    return true;
  }

  /** Of all locks together: the queue is who wait for any; utilisation is NaN. */
  statistics(): StationStatistics {
    this.meter.advance(this.simulator.now);
    return this.meter.read();
  }

  resetStatistics(): void {
    this.meter.reset(this.simulator.now);
  }

  private freeLine(key: number, line: WaitQueue): void {
    this.lines.set(key, NO_WAITERS);
    this.idleLines.push(line);
  }
}
