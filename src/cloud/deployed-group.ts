import { SERVICE_NAMES, type ServiceName } from '../placement/deployment.js';
import type { Bus } from './bus/bus.js';
import type { ServiceInstance } from './service-instance.js';

/** In `calls`: the deployment does not say who plays the role. */
export const UNWIRED = -1;
/** In `calls`: the deployment says that the role is never called. */
export const NEVER_CALLED = -2;

const NO_CALLS = new Int32Array(SERVICE_NAMES.length).fill(UNWIRED);

/** A service group of a deployment at run time: ids are indexes, wiring is resolved. */
export class DeployedGroup {
  readonly instances: ServiceInstance[] = [];
  /** Group index by service index, or UNWIRED, or NEVER_CALLED. */
  calls: Readonly<Int32Array> = NO_CALLS;
  /** Database index by logical database, or UNWIRED. */
  readonly databases: Int32Array;
  bus: Bus | undefined;
  /** Broker queue of the topic that all instances consume, or -1. */
  queue = -1;
  /** Cell of a compute group, else -1. */
  cell = -1;
  /** Resident memory of one of its processes; NaN where nobody measured it. */
  workerMemoryBytes = Number.NaN;
  /** Cores that an idle instance takes: reported, not put on its node. */
  idleCoresOfParent = 0;
  idleCoresPerWorker = 0;
  /** How long a thread waits for a pooled database connection; undefined: as is usual. */
  poolTimeoutMs: number | undefined;
  /**
   * True: what processes ask over kept-alive connections goes to the one worker that accepted them, and
   * not to the least busy (a listening socket shared by eventlet workers; no balancer in front).
   */
  hasWorkerAffinity = false;
  /** When the statistics were reset. */
  measuredFromMs = 0;
  /** Settings (by index) that are switched off. */
  readonly switchedOff: boolean[] = [];
  private turn = 0;

  constructor(
    readonly index: number,
    readonly id: string,
    readonly service: ServiceName,
    databaseCount: number,
    /** False: the server closes the connection after each answer. */
    readonly keepAlive: boolean,
    /** True: REST callers take its instances in turn; false: the nearest. */
    readonly roundRobin: boolean,
  ) {
    this.databases = new Int32Array(databaseCount).fill(UNWIRED);
  }

  /** Round robin, as RabbitMQ hands messages to the consumers of a queue. */
  nextInTurn(): ServiceInstance {
    const instance = this.instances[this.turn % this.instances.length];
    this.turn++;
    return instance;
  }

  /** The instance nearest to a site; equals take turns. */
  nearestTo(site: number, roundTripMs: (a: number, b: number) => number): ServiceInstance {
    const { instances } = this;
    if (instances.length === 1) return instances[0];
    const order = this.nearestOrder(site, roundTripMs);
    const turns = this.turnsBySite;
    const turn = turns.get(site) ?? 0;
    turns.set(site, turn + 1);
    return instances[order[turn % order.length]];
  }

  private readonly orders = new Map<number, number[]>();
  private readonly turnsBySite = new Map<number, number>();

  private nearestOrder(site: number, roundTripMs: (a: number, b: number) => number): number[] {
    let order = this.orders.get(site);
    if (!order) {
      const distances = this.instances.map((instance) => roundTripMs(site, instance.site));
      const least = Math.min(...distances);
      order = distances.flatMap((ms, index) => (ms === least ? [index] : []));
      this.orders.set(site, order);
    }
    return order;
  }

  /** After routes changed. */
  forgetDistances(): void {
    this.orders.clear();
  }

  resetStatistics(nowMs: number): void {
    this.measuredFromMs = nowMs;
    for (const instance of this.instances) instance.resetStatistics();
  }
}
