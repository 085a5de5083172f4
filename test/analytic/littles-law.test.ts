import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineEventKind, type EventKind } from '../../src/kernel/event-kind.js';
import { Simulator } from '../../src/kernel/simulator.js';
import { exponential, RandomStreams } from '../../src/random/index.js';
import { FifoStation } from '../../src/resources/fifo-station.js';
import { ProcessorSharing } from '../../src/resources/processor-sharing.js';
import { Semaphore } from '../../src/resources/semaphore.js';
import { SerialProcessor } from '../../src/resources/serial-processor.js';
import type { StationStatistics } from '../../src/resources/station-statistics.js';

interface Station {
  submit<T>(serviceMs: number, kind: EventKind<T>, target: T, argument: number): void;
  statistics(): StationStatistics;
}

/** Serves whoever holds one of two units of a semaphore. */
class SemaphoreStation implements Station {
  private readonly units: Semaphore;
  private readonly jobs: { serviceMs: number; finish: () => void }[] = [];

  constructor(private readonly simulator: Simulator) {
    this.units = new Semaphore(simulator, 2);
  }

  submit<T>(serviceMs: number, kind: EventKind<T>, target: T, argument: number): void {
    const finish = () => kind.run(target, argument);
    const job = this.jobs.push({ serviceMs, finish }) - 1;
    if (this.units.acquire(unitHeld, this, job)) this.serve(job);
  }

  serve(job: number): void {
    this.simulator.schedule(this.jobs[job].serviceMs, unitOver, this, job);
  }

  finish(job: number): void {
    this.units.release();
    this.jobs[job].finish();
  }

  statistics(): StationStatistics {
    return this.units.statistics();
  }
}

const unitHeld = defineEventKind('little-unit-held', (station: SemaphoreStation, job: number) =>
  station.serve(job),
);
const unitOver = defineEventKind('little-unit-over', (station: SemaphoreStation, job: number) =>
  station.finish(job),
);

const stations: Record<string, (simulator: Simulator) => Station> = {
  'FIFO of one server': (simulator) => new FifoStation(simulator, 1),
  'FIFO of three servers': (simulator) => new FifoStation(simulator, 3),
  'one shared core': (simulator) => new ProcessorSharing(simulator, 1),
  'three shared cores': (simulator) => new ProcessorSharing(simulator, 3),
  'semaphore of two': (simulator) => new SemaphoreStation(simulator),
  'serial process on shared cores': (simulator) => {
    const process = new SerialProcessor(simulator, new ProcessorSharing(simulator, 2));
    return {
      submit: (serviceMs, kind, target, argument) =>
        process.compute(serviceMs, kind, target, argument),
      statistics: () => process.statistics(),
    };
  },
};

const enter = defineEventKind('little-enter', (day: Day, customer: number) => day.enter(customer));
const leave = defineEventKind('little-leave', (day: Day, customer: number) => day.leave(customer));

/** A station from its first customer until it is empty. */
class Day {
  readonly simulator = new Simulator();
  readonly station: Station;
  readonly arrivalsMs: number[] = [];
  responseSumMs = 0;
  served = 0;

  constructor(
    makeStation: (simulator: Simulator) => Station,
    seed: number,
    customers: number,
    load: number,
  ) {
    const streams = new RandomStreams(seed, 1);
    const gap = exponential(1 / load);
    const service = exponential(1);
    this.station = makeStation(this.simulator);
    let timeMs = 0;
    for (let customer = 0; customer < customers; customer++) {
      timeMs += gap.sample(streams.stream('gaps'));
      this.arrivalsMs.push(timeMs);
      this.servicesMs.push(service.sample(streams.stream('services')));
      this.simulator.scheduleAt(timeMs, enter, this, customer);
    }
    this.simulator.run();
  }

  readonly servicesMs: number[] = [];

  enter(customer: number): void {
    this.station.submit(this.servicesMs[customer], leave, this, customer);
  }

  leave(customer: number): void {
    this.served++;
    this.responseSumMs += this.simulator.now - this.arrivalsMs[customer];
  }
}

describe.each(Object.entries(stations))("Little's law on every sample path: %s", (_name, make) => {
  it('the mean number is the arrival rate times the mean time, waiting and in all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(0.3, 0.9, 1.5, 5),
        (seed, customers, load) => {
          const day = new Day(make, seed, customers, load);
          const endMs = day.simulator.now;
          const statistics = day.station.statistics();
          expect(day.served).toBe(customers);
          expect(statistics).toMatchObject({ arrivals: customers, departures: customers });
          const rate = customers / endMs;
          const meanMs = day.responseSumMs / customers;
          expect(statistics.meanInSystem / (rate * meanMs)).toBeCloseTo(1, 10);
          const meanBusyMs = statistics.busyMs / customers;
          expect(statistics.meanWaitMs).toBeCloseTo(meanMs - meanBusyMs, 9);
          expect(statistics.meanQueueLength).toBeCloseTo(rate * statistics.meanWaitMs, 10);
        },
      ),
    );
  });
});
