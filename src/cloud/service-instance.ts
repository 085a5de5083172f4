import type { Simulator } from '../kernel/simulator.js';
import { ConnectionPool } from '../resources/connection-pool.js';
import type { Processor } from '../resources/processor.js';
import { Semaphore } from '../resources/semaphore.js';
import { SerialProcessor } from '../resources/serial-processor.js';

/** How a service takes requests; see `server` in a footprint. */
export interface ServerModel {
  readonly workers: number;
  /** Requests in flight in one worker. */
  readonly concurrency: number;
  readonly poolSize: number;
  readonly poolOverflow: number;
}

/** One process of a service: its CPU is exclusive (Python's interpreter lock). */
export class Worker extends SerialProcessor {
  /** Requests that it serves now. */
  inFlight = 0;
  /** By index of the deployed database; made at the first checkout. */
  private readonly pools: (ConnectionPool | undefined)[] = [];

  constructor(
    simulator: Simulator,
    processor: Processor,
    private readonly model: ServerModel,
  ) {
    super(simulator, processor, false);
  }

  pool(database: number): ConnectionPool {
    let pool = this.pools[database];
    if (!pool) {
      pool = new ConnectionPool(this.simulator, this.model.poolSize, this.model.poolOverflow);
      this.pools[database] = pool;
    }
    return pool;
  }
}

/** A running copy of a service at a site. */
export class ServiceInstance {
  /** Threads (WSGI) or greenthreads (eventlet) of all workers together: they share one listening socket. */
  readonly slots: Semaphore;
  readonly workers: Worker[] = [];
  private workersByCaller: Map<Worker, Worker> | undefined;
  /** Broker queue of this instance alone (`compute.host1`), or -1. */
  queue = -1;
  /** The bus that it called over first, and its queue for the replies there: most call over one. */
  private replyBus: object | undefined;
  private firstReplyQueue = -1;
  private otherReplyQueues: Map<object, number> | undefined;
  /** Requests and messages taken since the statistics were reset. */
  requests = 0;
  /** CPU asked for since the statistics were reset, in ms. */
  cpuMs = 0;

  constructor(
    simulator: Simulator,
    readonly index: number,
    readonly site: number,
    processor: Processor,
    model: ServerModel,
  ) {
    this.slots = new Semaphore(simulator, model.workers * model.concurrency);
    for (let i = 0; i < model.workers; i++)
      this.workers.push(new Worker(simulator, processor, model));
  }

  /** Broker queue on which it awaits the replies of calls over a bus; -1 before it is declared. */
  replyQueue(bus: object): number {
    if (bus === this.replyBus) return this.firstReplyQueue;
    return this.otherReplyQueues?.get(bus) ?? -1;
  }

  setReplyQueue(bus: object, queue: number): void {
    if (this.replyBus === undefined) {
      this.replyBus = bus;
      this.firstReplyQueue = queue;
    } else {
      this.otherReplyQueues ??= new Map();
      this.otherReplyQueues.set(bus, queue);
    }
  }

  /** The worker whose connections a caller's process keeps; the next in turn takes a new caller's. */
  workerOf(caller: Worker): Worker {
    this.workersByCaller ??= new Map();
    let worker = this.workersByCaller.get(caller);
    if (!worker) {
      worker = this.workers[this.workersByCaller.size % this.workers.length];
      this.workersByCaller.set(caller, worker);
    }
    return worker;
  }

  /** The worker with the fewest requests; the first of equals. */
  leastBusyWorker(): Worker {
    const { workers } = this;
    let best = workers[0];
    for (let i = 1; i < workers.length && best.inFlight > 0; i++) {
      if (workers[i].inFlight < best.inFlight) best = workers[i];
    }
    return best;
  }
}
