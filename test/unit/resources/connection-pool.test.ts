import { describe, expect, it } from 'vitest';
import { Simulator } from '../../../src/kernel/simulator.js';
import { ConnectionPool } from '../../../src/resources/connection-pool.js';
import { Journal, note } from './journal.js';

function setUp(size: number, overflow: number) {
  const simulator = new Simulator();
  const pool = new ConnectionPool(simulator, size, overflow);
  const journal = new Journal(simulator);
  /** Checks out as many as asked; says which had to set up a connection. */
  const checkOut = (count: number): boolean[] =>
    Array.from({ length: count }, (_, job) => {
      expect(pool.acquire(note, journal, job)).toBe(true);
      return pool.takeNewConnection();
    });
  return { simulator, pool, journal, checkOut };
}

describe('ConnectionPool', () => {
  it('sets up a connection only when none lies idle', () => {
    const { pool, checkOut } = setUp(2, 1);
    expect(checkOut(2)).toEqual([true, true]);
    pool.release();
    expect(checkOut(1)).toEqual([false]);
    expect(checkOut(1)).toEqual([true]);
    expect(pool.statistics().opened).toBe(3);
  });

  it('closes the overflow when it is given back, as QueuePool does', () => {
    const { pool, checkOut } = setUp(5, 50);
    expect(checkOut(55).every(Boolean)).toBe(true);
    expect(pool.acquire(note, new Journal(new Simulator()), 0)).toBe(false);
    expect(pool.abandon(undefined, 0)).toBe(false);
    const opens: number[] = [];
    for (let i = 0; i < 56; i++) {
      pool.release();
      opens.push(pool.open);
    }
    // The first goes to the waiter, five are kept idle, and then one is closed for each.
    expect(opens.slice(0, 7)).toEqual([55, 55, 55, 55, 55, 55, 54]);
    expect([pool.open, pool.held]).toEqual([5, 0]);
    expect(pool.statistics()).toMatchObject({ opened: 55, closed: 50, arrivals: 56 });
  });

  it('hands the connection of a release to the first in line, who sets up none', () => {
    const { simulator, pool, journal, checkOut } = setUp(1, 0);
    checkOut(1);
    expect(pool.acquire(note, journal, 7)).toBe(false);
    pool.release();
    simulator.run();
    expect(journal.order).toEqual([7]);
    expect(pool.takeNewConnection()).toBe(false);
    expect(pool.statistics().opened).toBe(1);
  });

  it('makes the first in line set up a connection in place of a broken one', () => {
    const { simulator, pool, journal, checkOut } = setUp(1, 0);
    checkOut(1);
    pool.acquire(note, journal, 7);
    pool.discard();
    simulator.run();
    expect(journal.order).toEqual([7]);
    expect(pool.takeNewConnection()).toBe(true);
    expect(pool.takeNewConnection()).toBe(false);
    expect(pool.statistics()).toMatchObject({ opened: 2, closed: 1 });
  });

  it('has the defaults of oslo.db', () => {
    const pool = new ConnectionPool(new Simulator());
    expect([pool.size, pool.overflow]).toEqual([5, 50]);
  });

  it('keeps its connections when its statistics start afresh', () => {
    const { pool, checkOut } = setUp(2, 0);
    checkOut(2);
    pool.release();
    pool.resetStatistics();
    expect(pool.open).toBe(2);
    expect(checkOut(1)).toEqual([false]);
    expect(pool.statistics()).toMatchObject({ opened: 0, closed: 0, arrivals: 1 });
  });
});
