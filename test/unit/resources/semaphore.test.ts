import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Simulator } from '../../../src/kernel/simulator.js';
import { Semaphore } from '../../../src/resources/semaphore.js';
import { call, Journal, note } from './journal.js';

describe('Semaphore', () => {
  it('holds at once while there are units, and does not call back', () => {
    const simulator = new Simulator();
    const semaphore = new Semaphore(simulator, 2);
    const journal = new Journal(simulator);
    const answers = [1, 2, 3].map((job) => semaphore.acquire(note, journal, job));
    simulator.run();
    expect(answers).toEqual([true, true, false]);
    expect(journal.order).toEqual([]);
    expect([semaphore.held, semaphore.waiting]).toEqual([2, 1]);
  });

  it('calls the first in line at the time of the release, after what is scheduled for it', () => {
    const simulator = new Simulator();
    const semaphore = new Semaphore(simulator, 1);
    const journal = new Journal(simulator);
    for (let job = 0; job < 3; job++) semaphore.acquire(note, journal, job);
    simulator.schedule(5, call, () => {
      semaphore.release();
      journal.entries.push({ argument: -1, timeMs: simulator.now });
    });
    simulator.schedule(5, note, journal, -2);
    simulator.schedule(7, call, () => semaphore.release());
    simulator.run();
    expect(journal.order).toEqual([-1, -2, 1, 2]);
    expect(journal.timesMs).toEqual([5, 5, 5, 7]);
  });

  it('lets nobody overtake one who has been granted but not called yet', () => {
    const simulator = new Simulator();
    const semaphore = new Semaphore(simulator, 1);
    const journal = new Journal(simulator);
    semaphore.acquire(note, journal, 0);
    semaphore.acquire(note, journal, 1);
    semaphore.release();
    expect(semaphore.acquire(note, journal, 2)).toBe(false);
    expect([semaphore.held, semaphore.waiting]).toEqual([1, 1]);
    simulator.run();
    expect(journal.order).toEqual([1]);
  });

  it('behaves as an array of waiters for any acquire, release and abandon', () => {
    const action = fc.record({
      do: fc.constantFrom('acquire', 'acquire', 'release', 'abandon'),
      job: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 200 }),
        fc.integer({ min: 1, max: 3 }),
        (actions, capacity) => {
          const simulator = new Simulator();
          const semaphore = new Semaphore(simulator, capacity);
          const journal = new Journal(simulator);
          const waiters: number[] = [];
          const granted: number[] = [];
          let held = 0;
          for (const { do: verb, job } of actions) {
            if (verb === 'acquire') {
              const isFree = held < capacity;
              if (isFree) held++;
              else waiters.push(job);
              expect(semaphore.acquire(note, journal, job)).toBe(isFree);
            } else if (verb === 'abandon') {
              const place = waiters.indexOf(job);
              if (place >= 0) waiters.splice(place, 1);
              expect(semaphore.abandon(journal, job)).toBe(place >= 0);
            } else if (held > 0) {
              semaphore.release();
              const first = waiters.shift();
              if (first === undefined) held--;
              else granted.push(first);
            }
            expect([semaphore.held, semaphore.waiting]).toEqual([held, waiters.length]);
          }
          simulator.run();
          expect(journal.order).toEqual(granted);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('counts who abandons apart, with the time spent in line', () => {
    const simulator = new Simulator();
    const semaphore = new Semaphore(simulator, 1);
    const journal = new Journal(simulator);
    semaphore.acquire(note, journal, 0);
    semaphore.acquire(note, journal, 1);
    simulator.runUntil(4);
    expect(semaphore.abandon(journal, 1)).toBe(true);
    expect(semaphore.abandon(journal, 1)).toBe(false);
    simulator.runUntil(10);
    semaphore.release();
    expect(semaphore.statistics()).toMatchObject({
      utilisation: 1,
      meanQueueLength: 0.4,
      arrivals: 2,
      departures: 1,
      abandoned: 1,
      meanWaitMs: 2,
    });
  });

  it('refuses a release of what is not held, and impossible capacities', () => {
    const simulator = new Simulator();
    expect(() => new Semaphore(simulator, 1).release()).toThrow('not held');
    expect(() => new Semaphore(simulator, 0)).toThrow('capacity is 0; an integer from 1');
    expect(new Semaphore(simulator, Infinity).acquire(note, new Journal(simulator), 1)).toBe(true);
  });
});
