import { defineEventKind } from '../../src/kernel/event-kind.js';
import { delay, type ProcessBody, queueAt, startProcess } from '../../src/kernel/process.js';
import { Simulator } from '../../src/kernel/simulator.js';
import { type Distribution, exponential } from '../../src/random/distributions.js';
import { type RandomStream, RandomStreams } from '../../src/random/streams.js';
import { FifoStation } from '../../src/resources/fifo-station.js';
import {
  assertEqual,
  assertWithin,
  type BenchCase,
  type BenchGroup,
  cpuSecondsOf,
  type Outcome,
} from './bench-case.js';
import { simpy } from './peers.js';

/*
 * One server, Poisson arrivals, exponential service, load 0.8, three ways: by events alone, by
 * events and the station of the library, by generators. All draw the same numbers, so the mean time
 * in system must be the same to the last digit, and near 1 / (1 - 0.8) = 5 service times.
 */

const INTERARRIVAL_MS = 1.25;
const SERVICE_MS = 1;
const CUSTOMERS = 1e6;

class Model {
  readonly simulator = new Simulator();
  readonly arrivals: RandomStream;
  readonly services: RandomStream;
  readonly interarrival: Distribution = exponential(INTERARRIVAL_MS);
  readonly service: Distribution = exponential(SERVICE_MS);
  left: number;
  totalMs = 0;

  constructor(readonly customers: number) {
    const streams = new RandomStreams(1, 0);
    this.arrivals = streams.stream('arrivals');
    this.services = streams.stream('services');
    this.left = customers;
  }

  nextInterarrival(): number {
    return this.interarrival.sample(this.arrivals);
  }

  nextService(): number {
    return this.service.sample(this.services);
  }
}

/** The line is a ring of arrival and service times: nothing but the kernel is at work. */
class ByEvents extends Model {
  private arrivedMs = new Float64Array(1024);
  private serviceMs = new Float64Array(1024);
  private first = 0;
  private length = 0;

  arrive(): void {
    if (this.length === this.arrivedMs.length) throw new Error('more than 1024 customers wait');
    const last = (this.first + this.length++) & 1023;
    this.arrivedMs[last] = this.simulator.now;
    this.serviceMs[last] = this.nextService();
    if (this.length === 1) this.serve();
    if (--this.left > 0) this.simulator.schedule(this.nextInterarrival(), arrive, this);
  }

  serve(): void {
    this.simulator.schedule(this.serviceMs[this.first], depart, this);
  }

  depart(): void {
    this.totalMs += this.simulator.now - this.arrivedMs[this.first];
    this.first = (this.first + 1) & 1023;
    if (--this.length > 0) this.serve();
  }
}

const arrive = defineEventKind('bench-mm1-arrive', (model: ByEvents) => model.arrive());
const depart = defineEventKind('bench-mm1-depart', (model: ByEvents) => model.depart());

class ByStation extends Model {
  readonly server = new FifoStation(this.simulator, 1);
  private readonly arrivedMs = new Float64Array(1024);
  private readonly isHere = new Uint8Array(1024);

  arrive(customer: number): void {
    const place = customer & 1023;
    if (this.isHere[place] === 1) throw new Error('more than 1024 customers wait');
    this.isHere[place] = 1;
    this.arrivedMs[place] = this.simulator.now;
    this.server.submit(this.nextService(), served, this, customer);
    if (--this.left > 0) {
      this.simulator.schedule(this.nextInterarrival(), arriveAtStation, this, customer + 1);
    }
  }

  leave(customer: number): void {
    this.isHere[customer & 1023] = 0;
    this.totalMs += this.simulator.now - this.arrivedMs[customer & 1023];
  }
}

const arriveAtStation = defineEventKind(
  'bench-mm1-arrive-at-station',
  (model: ByStation, customer) => model.arrive(customer),
);
const served = defineEventKind('bench-mm1-served', (model: ByStation, customer) =>
  model.leave(customer),
);

class ByGenerators extends Model {
  readonly server = new FifoStation(this.simulator, 1);
}

function* source(model: ByGenerators): ProcessBody {
  while (model.left-- > 0) {
    yield delay(model.nextInterarrival());
    startProcess(model.simulator, customer(model, model.nextService()));
  }
}

function* customer(model: ByGenerators, serviceMs: number): ProcessBody {
  const arrivedMs = model.simulator.now;
  yield queueAt(model.server, serviceMs);
  model.totalMs += model.simulator.now - arrivedMs;
}

function run(model: Model, start: () => void, eventsExpected: number): Outcome {
  start();
  const cpuS = cpuSecondsOf(() => model.simulator.run());
  assertEqual('events fired', model.simulator.eventCount, eventsExpected);
  assertEqual('events pending', model.simulator.pendingCount, 0);
  const meanMs = model.totalMs / model.customers;
  // A million customers give the mean to about 1 %; a thousand hardly at all.
  if (model.customers >= 1e6) assertWithin('mean time in system, ms', meanMs, 4.8, 5.2);
  return { events: model.customers, cpuS, answer: meanMs };
}

export const mm1Group: BenchGroup = {
  name: 'mm1',
  cases: (scale): BenchCase[] => {
    const customers = Math.round(CUSTOMERS * scale);
    return [
      {
        name: 'mm1/callbacks/1M',
        events: customers,
        peer: simpy('mm1', [customers]),
        prepare: () => () => {
          const model = new ByEvents(customers);
          const start = () => model.simulator.schedule(model.nextInterarrival(), arrive, model);
          return run(model, start, 2 * customers);
        },
      },
      {
        name: 'mm1/station/1M',
        events: customers,
        ratioTo: 'mm1/callbacks/1M',
        sameAnswerAs: 'mm1/callbacks/1M',
        prepare: () => () => {
          const model = new ByStation(customers);
          const first = model.nextInterarrival();
          const start = () => model.simulator.schedule(first, arriveAtStation, model);
          return run(model, start, 2 * customers);
        },
      },
      {
        name: 'mm1/generators/1M',
        events: customers,
        peer: simpy('mm1', [customers]),
        ratioTo: 'mm1/callbacks/1M',
        sameAnswerAs: 'mm1/callbacks/1M',
        prepare: () => () => {
          const model = new ByGenerators(customers);
          // Start of the source; an arrival, the start of a process and a departure per customer.
          return run(model, () => startProcess(model.simulator, source(model)), 1 + 3 * customers);
        },
      },
    ];
  },
};
