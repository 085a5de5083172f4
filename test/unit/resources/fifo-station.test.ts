import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Simulator } from '../../../src/kernel/simulator.js';
import { FifoStation } from '../../../src/resources/fifo-station.js';
import { call, Journal, note } from './journal.js';

const jobs = fc.array(
  fc.record({
    gapMs: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 3, noNaN: true })),
    serviceMs: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 9, noNaN: true })),
  }),
  { minLength: 1, maxLength: 60 },
);

/** Departures by the recursion of Kiefer and Wolfowitz: each job takes the server that is free first. */
function departures(
  arrivalsMs: readonly number[],
  servicesMs: readonly number[],
  servers: number,
): number[] {
  const freeMs = new Array<number>(servers).fill(0);
  return arrivalsMs.map((arrivalMs, job) => {
    const earliest = freeMs.indexOf(Math.min(...freeMs));
    freeMs[earliest] = Math.max(freeMs[earliest], arrivalMs) + servicesMs[job];
    return freeMs[earliest];
  });
}

describe('FifoStation', () => {
  it('serves in order of arrival, and ends when the recursion says so', () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 4 }), (someJobs, servers) => {
        const simulator = new Simulator();
        const station = new FifoStation(simulator, servers);
        const journal = new Journal(simulator);
        let timeMs = 0;
        const arrivalsMs = someJobs.map(({ gapMs }) => {
          timeMs += gapMs;
          return timeMs;
        });
        someJobs.forEach(({ serviceMs }, job) => {
          simulator.scheduleAt(arrivalsMs[job], call, () =>
            station.submit(serviceMs, note, journal, job),
          );
        });
        simulator.run();
        const servicesMs = someJobs.map(({ serviceMs }) => serviceMs);
        const expected = departures(arrivalsMs, servicesMs, servers);
        expect(journal.entries.length).toBe(someJobs.length);
        for (const { argument, timeMs: endMs } of journal.entries) {
          expect(endMs).toBe(expected[argument]);
        }
        if (servers === 1) expect(journal.order).toEqual(someJobs.map((_, job) => job));
        const workMs = servicesMs.reduce((sum, ms) => sum + ms, 0);
        expect(station.statistics().busyMs).toBeCloseTo(workMs, 9);
      }),
    );
  });

  it('counts the waiting as its queue', () => {
    const simulator = new Simulator();
    const station = new FifoStation(simulator, 1);
    const journal = new Journal(simulator);
    for (let job = 0; job < 3; job++) station.submit(10, note, journal, job);
    simulator.runUntil(40);
    expect(journal.timesMs).toEqual([10, 20, 30]);
    expect(station.statistics()).toEqual({
      utilisation: 0.75,
      meanQueueLength: (2 * 10 + 1 * 10) / 40,
      p95QueueLength: 2,
      meanInSystem: (3 * 10 + 2 * 10 + 1 * 10) / 40,
      arrivals: 3,
      departures: 3,
      abandoned: 0,
      busyMs: 30,
      meanWaitMs: (0 + 10 + 20) / 3,
    });
  });

  it('takes the next in line before the continuation of the last can submit', () => {
    const simulator = new Simulator();
    const station = new FifoStation(simulator, 1);
    const journal = new Journal(simulator);
    station.submit(1, call, () => station.submit(1, note, journal, 3), 0);
    station.submit(1, note, journal, 2);
    simulator.run();
    expect(journal.order).toEqual([2, 3]);
  });

  it('refuses impossible numbers', () => {
    const simulator = new Simulator();
    expect(() => new FifoStation(simulator, 1.5)).toThrow('servers is 1.5; an integer from 1');
    const station = new FifoStation(simulator, 1);
    const journal = new Journal(simulator);
    expect(() => station.submit(-1, note, journal, 1)).toThrow('serviceMs is -1');
    expect(() => station.submit(Infinity, note, journal, 1)).toThrow('serviceMs is Infinity');
    expect(station.inSystem).toBe(0);
  });
});
