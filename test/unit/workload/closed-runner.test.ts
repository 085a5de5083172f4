import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrivals } from '../../../src/workload/index.js';
import { KOLMOGOROV_LIMIT, kolmogorovDistance } from '../random/kolmogorov.js';
import { entryOf, gapsOf, runWorkload, timesAt } from './lab-starter.js';

function closed(
  concurrency: number,
  times: number,
  thinkTimeMs = 0,
  thinkTimeDistribution: 'constant' | 'exponential' = 'constant',
): Arrivals {
  return { type: 'closed', concurrency, times, thinkTimeMs, thinkTimeDistribution };
}

describe('a serial runner', () => {
  it('begins each request when the last has ended', () => {
    const starter = runWorkload([entryOf(closed(1, 4))], 1000, { holdMs: (n) => 10 * (n + 1) });
    expect(timesAt(starter)).toEqual([0, 10, 30, 60]);
  });

  it('stops where a request never ends', () => {
    const starter = runWorkload([entryOf(closed(1, 4))], 1e6, {
      holdMs: (n) => (n === 1 ? Infinity : 10),
    });
    expect(timesAt(starter)).toEqual([0, 10]);
  });

  it('thinks between the end of a request and the next, not before the first', () => {
    const starter = runWorkload([entryOf(closed(1, 3, 25), { startMs: 100 })], 1000, {
      holdMs: () => 10,
    });
    expect(timesAt(starter)).toEqual([100, 135, 170]);
  });

  it('thinks for exponential times (Kolmogorov at 0.1 %)', () => {
    const starter = runWorkload([entryOf(closed(1, 5001, 40, 'exponential'))], 1e6, {
      holdMs: () => 10,
    });
    const pauses = gapsOf(timesAt(starter)).map((gap) => gap - 10);
    expect(pauses).toHaveLength(5000);
    expect(kolmogorovDistance(pauses, (x) => 1 - Math.exp(-x / 40))).toBeLessThan(KOLMOGOROV_LIMIT);
  });
});

describe('a constant runner', () => {
  it('keeps its concurrency, at each site by itself', () => {
    const sites = ['oslo', 'rome'];
    const starter = runWorkload([entryOf(closed(3, 10), { sites })], 1000, { holdMs: () => 10 });
    const expected = [0, 0, 0, 10, 10, 10, 20, 20, 20, 30];
    expect(timesAt(starter, 0)).toEqual(expected);
    expect(timesAt(starter, 2)).toEqual(expected);
    expect(starter.mostInProgress).toEqual([3, 0, 3]);
  });

  it('makes all its requests, never more, and never exceeds its concurrency', () => {
    const holds = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 10 });
    const thoughts = fc.constantFrom<[number, 'constant' | 'exponential']>(
      [0, 'constant'],
      [7, 'constant'],
      [7, 'exponential'],
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(60),
        holds,
        thoughts,
        (users, times, hold, think) => {
          const starter = runWorkload([entryOf(closed(users, times, ...think))], 1e6, {
            holdMs: (n) => hold[n % hold.length],
          });
          expect(starter.log).toHaveLength(times);
          expect(starter.inProgress[0]).toBe(0);
          expect(starter.mostInProgress[0]).toBeLessThanOrEqual(Math.min(users, times));
        },
      ),
    );
  });

  it('without an end goes on as long as the run', () => {
    const starter = runWorkload([entryOf(closed(2, Infinity))], 1000, { holdMs: () => 10 });
    expect(starter.log).toHaveLength(2 * 101);
  });

  it('says so where requests end in no time, instead of running for ever at one instant', () => {
    const runner = entryOf(closed(2, Infinity), { name: 'hasty' });
    expect(() => runWorkload([runner], 1000, { holdMs: () => 0 })).toThrow(
      'workload hasty/oslo: 10003 requests begin at 0 ms',
    );
  });
});

describe('a burst', () => {
  it('starts all its requests at once and no more', () => {
    const burst = { type: 'burst', count: 500 } as const;
    const starter = runWorkload([entryOf(burst, { startMs: 20, sites: ['lyon'] })], 1000);
    expect(timesAt(starter, 1)).toEqual(new Array(500).fill(20));
    expect(starter.mostInProgress).toEqual([0, 500, 0]);
  });

  it('may be larger than what a closed runner takes for standing still', () => {
    const burst = { type: 'burst', count: 20_000 } as const;
    expect(runWorkload([entryOf(burst)], 1).log).toHaveLength(20_000);
  });
});
