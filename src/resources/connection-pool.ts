import type { EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import { Semaphore } from './semaphore.js';
import { checkCount } from './station-checks.js';
import type { StationStatistics } from './station-statistics.js';

export interface ConnectionPoolStatistics extends StationStatistics {
  /** Connections that had to be set up. */
  opened: number;
  /** Connections closed: those of the overflow when given back, and broken ones. */
  closed: number;
}

/**
 * Pool of connections as SQLAlchemy's QueuePool: up to `size + overflow` are checked out at a time,
 * then callers wait; a connection is set up when none lies idle; one that is given back is kept
 * unless `size` lie idle already. Defaults are those of oslo.db: `max_pool_size` 5, `max_overflow`
 * 50 (oslo.db, oslo_db/options.py).
 *
 * @example
 * if (pool.acquire(resume, request, 17) && pool.takeNewConnection()) connect(request);
 */
export class ConnectionPool {
  private readonly units: Semaphore;
  private openCount = 0;
  private opened = 0;
  private closed = 0;

  /**
   * @param isMetered false saves the statistics, where nobody asks for them; default true.
   * @throws RangeError unless both are integers (or Infinity), `size` from 1, `overflow` from 0.
   */
  constructor(
    simulator: Simulator,
    readonly size = 5,
    readonly overflow = 50,
    isMetered = true,
  ) {
    checkCount('size', size, 1);
    checkCount('overflow', overflow, 0);
    this.units = new Semaphore(simulator, size + overflow, simulator.now, isMetered);
  }

  /** Connections set up and not closed, idle ones included. */
  get open(): number {
    return this.openCount;
  }

  /** Connections checked out. */
  get held(): number {
    return this.units.held;
  }

  /** Who wait for a connection. */
  get waiting(): number {
    return this.units.waiting;
  }

  /**
   * Checks a connection out. True: held at once, the continuation is not called. False: it waits,
   * and the continuation is scheduled when it is held. Either way, ask `takeNewConnection` next.
   */
  acquire<Target>(kind: EventKind<Target>, target: Target, argument: number): boolean {
    return this.units.acquire(kind, target, argument);
  }

  /**
   * True if none of the open connections was left for the checkout just made, so that its holder has
   * to set up a new one, which counts as open from here on.
   */
  takeNewConnection(): boolean {
    if (this.openCount >= this.units.held) return false;
    this.openCount++;
    this.opened++;
    return true;
  }

  /**
   * Gives a connection back: to the first in line; else it is kept, or closed if `size` lie idle.
   * @throws Error if none is checked out.
   */
  release(): void {
    this.units.release();
    if (this.openCount - this.units.held > this.size) this.close();
  }

  /**
   * Gives a connection back that is broken: it is closed, and the first in line sets up its own.
   * @throws Error if none is checked out.
   */
  discard(): void {
    this.units.release();
    this.close();
  }

  /** Leaves the line; see `Semaphore.abandon`. */
  abandon(target: unknown, argument: number): boolean {
    return this.units.abandon(target, argument);
  }

  /** The queue is who wait for a connection; busy is connections checked out. */
  statistics(): ConnectionPoolStatistics {
    return { ...this.units.statistics(), opened: this.opened, closed: this.closed };
  }

  resetStatistics(): void {
    this.units.resetStatistics();
    this.opened = 0;
    this.closed = 0;
  }

  private close(): void {
    this.openCount--;
    this.closed++;
  }
}
