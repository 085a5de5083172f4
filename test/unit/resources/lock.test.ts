import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Simulator } from '../../../src/kernel/simulator.js';
import { Lock, LockTable } from '../../../src/resources/lock.js';
import { Journal, note } from './journal.js';

describe('Lock', () => {
  it('has one holder, and passes on in order', () => {
    const simulator = new Simulator();
    const lock = new Lock(simulator);
    const journal = new Journal(simulator);
    expect([1, 2, 3].map((job) => lock.acquire(note, journal, job))).toEqual([true, false, false]);
    expect(lock.abandon(journal, 2)).toBe(true);
    lock.release();
    simulator.run();
    expect(journal.order).toEqual([3]);
    lock.release();
    expect(lock.held).toBe(0);
  });
});

describe('LockTable', () => {
  it('behaves as one lock a key, and forgets those that are free', () => {
    const action = fc.record({
      do: fc.constantFrom('acquire', 'acquire', 'release', 'abandon'),
      key: fc.constantFrom(0, 1, -5, 2 ** 43),
      job: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const simulator = new Simulator();
        const table = new LockTable(simulator);
        const actual = new Journal(simulator);
        const expected = new Journal(simulator);
        const locks = new Map<number, Lock>();
        for (const { do: verb, key, job } of actions) {
          const lock = locks.get(key) ?? new Lock(simulator);
          locks.set(key, lock);
          if (verb === 'acquire') {
            const isHeld = lock.acquire(note, expected, job);
            expect(table.acquire(key, note, actual, job)).toBe(isHeld);
          } else if (verb === 'abandon') {
            const hasLeft = lock.abandon(expected, job);
            expect(table.abandon(key, actual, job)).toBe(hasLeft);
          } else if (lock.held > 0) {
            lock.release();
            table.release(key);
          } else {
            expect(() => table.release(key)).toThrow(`lock ${key} is released that is not held`);
          }
          expect(table.isHeld(key)).toBe(lock.held > 0);
        }
        simulator.run();
        expect(actual.order).toEqual(expected.order);
        const all = [...locks.values()];
        expect(table.held).toBe(all.filter(({ held }) => held > 0).length);
        const { arrivals, abandoned, departures } = table.statistics();
        const sum = (field: 'arrivals' | 'abandoned' | 'departures') =>
          all.reduce((total, lock) => total + lock.statistics()[field], 0);
        expect([arrivals, abandoned, departures]).toEqual([
          sum('arrivals'),
          sum('abandoned'),
          sum('departures'),
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('weighs who wait for any lock by time', () => {
    const simulator = new Simulator();
    const table = new LockTable(simulator);
    const journal = new Journal(simulator);
    for (let job = 0; job < 3; job++) table.acquire(1, note, journal, job);
    table.acquire(2, note, journal, 3);
    simulator.runUntil(10);
    table.release(1);
    simulator.runUntil(20);
    const statistics = table.statistics();
    expect(statistics).toMatchObject({ meanQueueLength: 1.5, meanInSystem: 3.5, busyMs: 40 });
    expect(statistics.utilisation).toBeNaN();
    table.resetStatistics();
    simulator.runUntil(30);
    expect(table.statistics()).toMatchObject({ meanQueueLength: 1, busyMs: 20, arrivals: 0 });
  });
});
