import type { Simulator } from '../kernel/simulator.js';
import { ConnectionPool } from '../resources/connection-pool.js';
import type { Processor } from '../resources/processor.js';
import { Semaphore } from '../resources/semaphore.js';
import { SerialProcessor } from '../resources/serial-processor.js';
import type { StationStatistics } from '../resources/station-statistics.js';
import type { ComputeHost } from './compute-host.js';
import type { DeployedGroup } from './deployed-group.js';

/** How a service takes requests; see `server` in a footprint. */
export interface ServerModel {
  readonly workers: number;
  /** Requests in flight in one worker. */
  readonly concurrency: number;
  readonly poolSize: number;
  readonly poolOverflow: number;
}

/** Who runs the periodic tasks of workers; a loop is one task of one worker, by its number. */
export interface PeriodicTasks {
  begin(worker: Worker, loop: number): void;
  ended(worker: Worker, loop: number): void;
}

/**
 * One process of a service: its CPU is exclusive (Python's interpreter lock). With thousands of
 * hosts every record on the way is a wait for memory: so it says itself where it stands.
 */
export class Worker extends SerialProcessor {
  readonly group: DeployedGroup;
  readonly site: number;
  /** Of its group. */
  readonly cell: number;
  /** The compute node whose own nova-compute it is. */
  host: ComputeHost | undefined;
  periodicTasks: PeriodicTasks | undefined;
  /** The bus that it called over last, and its instance's queue for the replies there. */
  replyBus: object | undefined;
  replyQueue = -1;
  /** By index of the deployed database, each made at its first checkout. */
  private pools: (ConnectionPool | undefined)[] | undefined;

  constructor(
    simulator: Simulator,
    processor: Processor,
    readonly model: ServerModel,
    readonly instance: ServiceInstance,
    /** Place among the instance's workers. */
    readonly index: number,
  ) {
    super(simulator, processor, false);
    this.group = instance.group;
    this.site = instance.site;
    this.cell = instance.group.cell;
  }

  pool(database: number): ConnectionPool {
    this.pools ??= [];
    let pool = this.pools[database];
    if (!pool) {
      const { poolSize, poolOverflow } = this.model;
      pool = new ConnectionPool(this.simulator, poolSize, poolOverflow, false);
      this.pools[database] = pool;
    }
    return pool;
  }
}

/** A running copy of a service at a site. */
export class ServiceInstance {
  readonly workers: readonly Worker[];
  /** Requests that each worker serves now, where there is a choice: side by side, since all are looked at. */
  private readonly inFlight: Int32Array | undefined;
  /** Made at the first request: most services of computes never have one. */
  private usedSlots: Semaphore | undefined;
  /** Broker queue of this instance alone (`compute.host1`), or -1. */
  queue = -1;
  /** The bus that it called over first, and its queue for the replies there: most call over one. */
  private replyBus: object | undefined;
  private firstReplyQueue = -1;
  private otherReplyQueues: Map<object, number> | undefined;
  /** Requests and messages taken since the statistics were reset. */
  requests = 0;

  constructor(
    simulator: Simulator,
    readonly group: DeployedGroup,
    readonly index: number,
    readonly site: number,
    processor: Processor,
    model: ServerModel,
  ) {
    this.workers = Array.from(
      { length: model.workers },
      (_, place) => new Worker(simulator, processor, model, this, place),
    );
    if (model.workers > 1) this.inFlight = new Int32Array(model.workers);
  }

  /** Threads (WSGI) or greenthreads (eventlet) of all workers together: they share one listening socket. */
  get slots(): Semaphore {
    this.usedSlots ??= this.newSlots();
    return this.usedSlots;
  }

  /** Of `slots`. */
  slotStatistics(): StationStatistics {
    return (this.usedSlots ?? this.newSlots()).statistics();
  }

  /** Of what is its own, not its group's. */
  resetStatistics(): void {
    this.usedSlots?.resetStatistics();
    this.requests = 0;
  }

  private newSlots(): Semaphore {
    const { model, simulator } = this.workers[0];
    return new Semaphore(simulator, model.workers * model.concurrency, this.group.measuredFromMs);
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

  /**
   * The worker that holds the connections which callers keep alive. All were opened while little went
   * on, and then Linux wakes the same of the processes that wait with epoll on one listening socket: the
   * one that began to wait last, which is the one that has just served (Majkowski, "Why does one NGINX
   * worker take all the load?", Cloudflare, 2017).
   */
  get keptWorker(): Worker {
    return this.workers[0];
  }

  /** The worker with the fewest requests; the first of equals. */
  leastBusyWorker(): Worker {
    const { inFlight, workers } = this;
    if (inFlight === undefined) return workers[0];
    let best = 0;
    for (let i = 1; i < inFlight.length && inFlight[best] > 0; i++) {
      if (inFlight[i] < inFlight[best]) best = i;
    }
    return workers[best];
  }

  requestBegins(worker: Worker): void {
    this.requests++;
    if (this.inFlight !== undefined) this.inFlight[worker.index]++;
  }

  requestEnds(worker: Worker): void {
    if (this.inFlight !== undefined) this.inFlight[worker.index]--;
  }
}
