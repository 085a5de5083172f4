import { defineEventKind, type EventKind } from '../../src/kernel/event-kind.js';
import { Simulator } from '../../src/kernel/simulator.js';
import type { RandomStream, RandomStreams } from '../../src/random/index.js';
import type { StationStatistics } from '../../src/resources/station-statistics.js';
import { mmcDistribution } from './closed-forms.js';

export interface Station {
  submit<Target>(
    serviceMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void;
  statistics(): StationStatistics;
}

/** A station with Poisson arrivals, in its steady state from the start. */
export interface OpenQueue {
  arrivalRate: number;
  makeStation(simulator: Simulator): Station;
  drawService(stream: RandomStream): number;
  /** What is left to serve of each job that is in the station at a time of the steady state. */
  drawPresent(stream: RandomStream): number[];
}

const arrival = defineEventKind('analytic-arrival', (run: Run) => run.arrive());
const departure = defineEventKind('analytic-departure', (run: Run, customer: number) =>
  run.leave(customer),
);

const UNCOUNTED = -1;

class Run {
  readonly simulator = new Simulator({ fingerprint: false });
  readonly station: Station;
  readonly arrivalsMs: number[] = [];
  responseSumMs = 0;
  private left = 0;
  private readonly gaps: RandomStream;
  private readonly services: RandomStream;

  constructor(
    private readonly queue: OpenQueue,
    streams: RandomStreams,
    private readonly customers: number,
  ) {
    this.gaps = streams.stream('gaps');
    this.services = streams.stream('services');
    this.station = queue.makeStation(this.simulator);
    for (const serviceMs of queue.drawPresent(streams.stream('present'))) {
      this.station.submit(serviceMs, departure, this, UNCOUNTED);
    }
  }

  arrive(): void {
    const customer = this.arrivalsMs.length;
    this.arrivalsMs.push(this.simulator.now);
    const token = customer < this.customers ? customer : UNCOUNTED;
    this.station.submit(this.queue.drawService(this.services), departure, this, token);
    this.scheduleArrival();
  }

  leave(customer: number): void {
    if (customer === UNCOUNTED) return;
    this.responseSumMs += this.simulator.now - this.arrivalsMs[customer];
    if (++this.left === this.customers) this.simulator.stop();
  }

  scheduleArrival(): void {
    const gapMs = -Math.log1p(-this.gaps.uniform()) / this.queue.arrivalRate;
    this.simulator.schedule(gapMs, arrival, this);
  }
}

/**
 * Mean response of successive customers. The first comes at time 0: since Poisson arrivals see time
 * averages, he finds the steady state, and so do those who follow. (The first to come *after* a time
 * of the steady state would find less.) Others come until the last of them has left, since with shared
 * cores they matter to him.
 */
export function meanResponseMs(
  queue: OpenQueue,
  streams: RandomStreams,
  customers: number,
): number {
  const run = new Run(queue, streams, customers);
  run.arrive();
  run.simulator.run();
  return run.responseSumMs / customers;
}

/** What the station says of an interval of the steady state. */
export function timeAverages(
  queue: OpenQueue,
  streams: RandomStreams,
  durationMs: number,
): StationStatistics {
  const run = new Run(queue, streams, Infinity);
  run.scheduleArrival();
  run.simulator.runUntil(durationMs);
  return run.station.statistics();
}

/** Number in the system of M/M/c in its steady state. */
export function drawNumber(load: number, servers: number): (stream: RandomStream) => number {
  const below = mmcDistribution(load, servers);
  // At loads up to 0.9 of the servers, what lies beyond is less than any uniform number can tell.
  const cumulative = Array.from({ length: 400 }, (_, n) => below(n));
  return (stream) => {
    const uniform = stream.uniform();
    return cumulative.findIndex((share) => uniform < share);
  };
}
