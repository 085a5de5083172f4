import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineEventKind, type EventKind } from '../../../src/kernel/event-kind.js';
import { Simulator } from '../../../src/kernel/simulator.js';
import { ProcessorSharing } from '../../../src/resources/processor-sharing.js';
import { call, Journal, note } from './journal.js';
import { NaiveProcessorSharing } from './naive-processor-sharing.js';

interface Station {
  submit<T>(demandMs: number, kind: EventKind<T>, target: T, argument: number): void;
}

/** A client comes at a time, and asks for one demand after the other. */
interface Client {
  timeMs: number;
  demandsMs: number[];
}

const clientNext = defineEventKind('test-client-next', (run: Run, client: number) =>
  run.next(client),
);

class Run {
  readonly endsMs: number[][];
  private readonly done: number[];

  constructor(
    readonly simulator: Simulator,
    readonly station: Station,
    readonly clients: readonly Client[],
  ) {
    this.endsMs = clients.map(() => []);
    this.done = clients.map(() => -1);
    clients.forEach(({ timeMs }, client) => {
      simulator.scheduleAt(timeMs, clientNext, this, client);
    });
    simulator.run();
  }

  next(client: number): void {
    const index = ++this.done[client];
    if (index > 0) this.endsMs[client].push(this.simulator.now);
    const { demandsMs } = this.clients[client];
    if (index < demandsMs.length) {
      this.station.submit(demandsMs[index], clientNext, this, client);
    }
  }
}

/** Round numbers make ties, the others rounding errors. */
const duration = fc.oneof(
  fc.integer({ min: 0, max: 8 }),
  fc.double({ min: 0, max: 8, noNaN: true }),
);
const clients = fc.array(
  fc.record({
    timeMs: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.double({ min: 0, max: 30, noNaN: true })),
    demandsMs: fc.array(duration, { minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 25 },
);
const cores = fc.integer({ min: 1, max: 5 });
const speed = fc.constantFrom(1, 0.4, 2.5);
const contention = fc.constantFrom(0, 0, 0.1, 0.6);

describe('ProcessorSharing', () => {
  it('ends every job when the definition says so', () => {
    fc.assert(
      fc.property(clients, cores, speed, contention, (someClients, coreCount, coreSpeed, lost) => {
        const simulator = new Simulator();
        const station = new ProcessorSharing(simulator, coreCount, coreSpeed, lost);
        const actual = new Run(simulator, station, someClients);
        const reference = new Simulator();
        const expected = new Run(
          reference,
          new NaiveProcessorSharing(reference, coreCount, coreSpeed, lost),
          someClients,
        );
        expect(station.inSystem).toBe(0);
        actual.endsMs.forEach((ends, client) => {
          expect(ends.length).toBe(someClients[client].demandsMs.length);
          ends.forEach((endMs, index) => {
            expect(Math.abs(endMs - expected.endsMs[client][index])).toBeLessThan(1e-7);
          });
        });
      }),
      { numRuns: 400 },
    );
  });

  it('does exactly the work that was asked for, with at most three events a job', () => {
    fc.assert(
      fc.property(clients, cores, speed, (someClients, coreCount, coreSpeed) => {
        const simulator = new Simulator();
        const station = new ProcessorSharing(simulator, coreCount, coreSpeed);
        new Run(simulator, station, someClients);
        const demands = someClients.flatMap(({ demandsMs }) => demandsMs);
        const demandMs = demands.reduce((sum, ms) => sum + ms, 0);
        const { busyMs, arrivals, departures } = station.statistics();
        expect(Math.abs(busyMs * coreSpeed - demandMs)).toBeLessThan(1e-9 * (1 + demandMs));
        expect([arrivals, departures]).toEqual([demands.length, demands.length]);
        const events = simulator.eventCount - someClients.length;
        expect(events).toBeLessThanOrEqual(3 * demands.length);
      }),
    );
  });

  it('keeps to the exact demand, with one event a job, while there are no more jobs than cores', () => {
    const simulator = new Simulator();
    const station = new ProcessorSharing(simulator, 3);
    const journal = new Journal(simulator);
    simulator.schedule(0.1, call, () => station.submit(0.7, note, journal, 1));
    simulator.schedule(0.2, call, () => station.submit(0.3, note, journal, 2));
    simulator.schedule(0.3, call, () => station.submit(1 / 3, note, journal, 3));
    simulator.run();
    expect(journal.order).toEqual([2, 3, 1]);
    expect(journal.timesMs).toEqual([0.2 + 0.3, 0.3 + 1 / 3, 0.1 + 0.7]);
    expect(simulator.eventCount).toBe(3 + 3);
  });

  it('shares one core by hand: 3 ms from 0, 1 ms from 1', () => {
    const simulator = new Simulator();
    const station = new ProcessorSharing(simulator, 1);
    const journal = new Journal(simulator);
    station.submit(3, note, journal, 1);
    simulator.schedule(1, call, () => station.submit(1, note, journal, 2));
    simulator.run();
    expect(journal.entries).toEqual([
      { argument: 2, timeMs: 3 },
      { argument: 1, timeMs: 4 },
    ]);
    const { utilisation, meanQueueLength, meanInSystem, meanWaitMs } = station.statistics();
    // Two in service from 1 to 3: each loses 1 ms.
    expect([utilisation, meanQueueLength, meanInSystem, meanWaitMs]).toEqual([1, 0.5, 1.5, 1]);
  });

  it('slows cores that are busy at once, by hand: 1 ms on each of two that take a fifth from each other', () => {
    const simulator = new Simulator();
    const station = new ProcessorSharing(simulator, 2, 1, 0.2);
    const journal = new Journal(simulator);
    station.submit(1, note, journal, 1);
    station.submit(1.8, note, journal, 2);
    simulator.run();
    // 1 / 0.8 ms together; of the second 0.8 ms are left for a core that nobody slows.
    expect(journal.timesMs).toEqual([1.25, expect.closeTo(2.05, 12)]);
    expect(station.statistics().busyMs).toBeCloseTo(1.25 + 2.05, 12);
    expect(station.meanSpeed).toBeCloseTo(2.8 / 3.3, 12);
    expect(new ProcessorSharing(simulator, 2, 3).meanSpeed).toBe(3);
    expect(() => new ProcessorSharing(simulator, 2, 1, 1)).toThrow('contention');
  });

  it('ends jobs of equal demand in the order in which they came', () => {
    const simulator = new Simulator();
    const station = new ProcessorSharing(simulator, 2);
    const journal = new Journal(simulator);
    for (let job = 0; job < 50; job++) station.submit(1.1, note, journal, job);
    simulator.run();
    const arrivalOrder = Array.from({ length: 50 }, (_, job) => job);
    expect([...journal.order].sort((a, b) => a - b)).toEqual(arrivalOrder);
    // The first two came while cores were free; the others share from the start.
    expect(journal.order.filter((job) => job >= 2)).toEqual(arrivalOrder.slice(2));
    for (const timeMs of journal.timesMs) expect(timeMs).toBeCloseTo((1.1 * 50) / 2, 9);
  });

  it('does not drift: after a million shared jobs at a late time the demand is kept', () => {
    const simulator = new Simulator({ fingerprint: false });
    const station = new ProcessorSharing(simulator, 1);
    const journal = new Journal(simulator);
    simulator.runUntil(1e7);
    let left = 1_000_000;
    const again = defineEventKind('test-again', (target: object) => {
      if (left-- > 0) station.submit(0.1, again, target, 0);
    });
    // One long job goes on beside a chain of short ones, so that the lag never starts afresh.
    station.submit(150_000, note, journal, 1);
    again.run({}, 0);
    simulator.run();
    // 1e6 jobs of 0.1 ms beside it take 2e5 ms, in which the long one gets 1e5 ms.
    expect(journal.timesMs[0]).toBeCloseTo(1e7 + 250_000, 3);
    expect(station.statistics().busyMs).toBeCloseTo(250_000, 3);
  });

  it('takes demands of 0 without hanging', () => {
    const simulator = new Simulator();
    const station = new ProcessorSharing(simulator, 1);
    const journal = new Journal(simulator);
    station.submit(1, note, journal, 1);
    for (let job = 2; job < 10; job++) station.submit(0, note, journal, job);
    simulator.run();
    expect(journal.order).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 1]);
    expect(simulator.now).toBe(1);
  });

  it('starts its statistics afresh in the middle of a job', () => {
    const simulator = new Simulator();
    const station = new ProcessorSharing(simulator, 2);
    const journal = new Journal(simulator);
    for (let job = 0; job < 4; job++) station.submit(10, note, journal, job);
    simulator.runUntil(5);
    station.resetStatistics();
    simulator.runUntil(30);
    const statistics = station.statistics();
    expect(journal.timesMs).toEqual([20, 20, 20, 20]);
    expect(statistics).toMatchObject({ arrivals: 0, departures: 4, busyMs: 30 });
    expect(statistics.utilisation).toBeCloseTo(30 / 50, 12);
    expect(statistics.meanQueueLength).toBeCloseTo((2 * 15) / 25, 12);
    expect(statistics.p95QueueLength).toBe(2);
  });

  it('refuses impossible numbers', () => {
    const simulator = new Simulator();
    const journal = new Journal(simulator);
    expect(() => new ProcessorSharing(simulator, 0)).toThrow('cores is 0; an integer from 1');
    expect(() => new ProcessorSharing(simulator, 1, 0)).toThrow('speed is 0');
    const station = new ProcessorSharing(simulator, 1);
    expect(() => station.submit(-1, note, journal, 1)).toThrow('demandMs is -1');
    expect(() => station.submit(Number.NaN, note, journal, 1)).toThrow('demandMs is NaN');
    expect(station.inSystem).toBe(0);
  });
});
