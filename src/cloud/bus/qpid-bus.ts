import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { ServerResult } from '../server-meter.js';
import { nearestMember } from '../wire.js';
import type { Bus } from './bus.js';
import { type QpidCosts, readQpidConstants } from './qpid-constants.js';
import { QpidRouter } from './qpid-router.js';
import type { BusOptions } from './rabbitmq-bus.js';
import { RouterPaths, routerTopology } from './router-paths.js';

/** Credit of one router's clients for one address, and what waits for it. */
interface Credit {
  unsettled: number;
  waiting: Delivery[] | undefined;
  /** The first of `waiting` that still waits. */
  head: number;
}

/** A delivery on its way through the routers; records are used again. */
class Delivery {
  queue = 0;
  publisher = 0;
  at = 0;
  consumer = 0;
  bytes = 0;
  kind: EventKind<unknown> | undefined;
  target: unknown;
  argument = 0;

  constructor(readonly bus: QpidDispatchBus) {}
}

const atRouter = defineEventKind('qpid-at-router', (delivery: Delivery) =>
  delivery.bus.enterRouter(delivery),
);
const routed = defineEventKind('qpid-routed', (delivery: Delivery) =>
  delivery.bus.leaveRouter(delivery),
);
const settled = defineEventKind('qpid-settled', (delivery: Delivery) =>
  delivery.bus.settle(delivery),
);

/**
 * Qpid Dispatch routers: a bus without a store and without leaders. A delivery goes from router to
 * router to the consumer's, and its sender has a credit less until the receiver's settlement is
 * back. Setting `topology`: `mesh` (default), `line` (in the order of the members) or `star` (about
 * the first). Setting `settlement`: `unsettled` (default) or `pre-settled`, which takes no credit and
 * is never confirmed. Constants: models/backends/qpid-dispatch.yaml; equations and limits:
 * docs/models/qpid-dispatch.md.
 */
export class QpidDispatchBus implements Bus {
  readonly id: string;
  readonly backend: string;
  readonly memberSites: readonly number[];
  /** Deliveries that found no way on and went back to their senders. */
  released = 0;
  private readonly cost: QpidCosts;
  private readonly routers: QpidRouter[];
  private readonly paths: RouterPaths;
  private readonly isPreSettled: boolean;
  /** Router of each address's first consumer, for confirms. */
  private readonly homes: number[] = [];
  private readonly credits: Credit[] = [];
  private readonly idleDeliveries: Delivery[] = [];
  private readonly nearest: number[] = [];
  /** When the last message sent from one router to another comes there: [from * members + to]. */
  private readonly lastArrivalMs: Float64Array;

  constructor(private readonly options: BusOptions) {
    const { constants, members, simulator, settings = {} } = options;
    this.id = options.id;
    this.backend = constants.backend;
    this.memberSites = members.map(({ site }) => site);
    this.cost = readQpidConstants(constants);
    this.routers = members.map((member) => new QpidRouter(simulator, member));
    const topology = routerTopology(settings.topology ?? 'mesh');
    this.paths = new RouterPaths(topology, this.memberSites, options.wire);
    const settlement = settings.settlement ?? 'unsettled';
    if (settlement !== 'unsettled' && settlement !== 'pre-settled') {
      throw new Error(
        `bus ${this.id}: settlement is "${settlement}", not unsettled or pre-settled`,
      );
    }
    this.isPreSettled = settlement === 'pre-settled';
    this.lastArrivalMs = new Float64Array(members.length ** 2);
  }

  memberFor(site: number): number {
    let member = this.nearest[site];
    if (member === undefined) {
      member = nearestMember(this.options.members, site, this.options.wire);
      this.nearest[site] = member;
    }
    return member;
  }

  connect(member: number, connections: number): void {
    const router = this.routers[member];
    router.meter.connections += connections;
    if (connections > 0 && this.options.simulator.now > 0) {
      router.spend(connections * this.cost.connectionSetUpMs);
    }
  }

  declareQueue(_name: string, homeMember: number): number {
    this.homes.push(homeMember);
    return this.homes.length - 1;
  }

  /** The receiver's settlement comes back over all routers. */
  confirmMs(queue: number, publisherMember: number): number {
    if (this.isPreSettled) return 0;
    const home = this.homes[queue];
    const { cost, paths } = this;
    const inRouterMs = cost.coreShare * cost.perMessageMs;
    const routers = paths.routers(publisherMember, home);
    return routers * inRouterMs + paths.roundTripMs(publisherMember, home);
  }

  relay<Target>(
    queue: number,
    publisherMember: number,
    consumerMember: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const delivery = this.idleDeliveries.pop() ?? new Delivery(this);
    delivery.queue = queue;
    delivery.publisher = publisherMember;
    delivery.at = publisherMember;
    delivery.consumer = consumerMember;
    delivery.bytes = bytes;
    delivery.kind = kind as EventKind<unknown>;
    delivery.target = target;
    delivery.argument = argument;
    if (this.isPreSettled || this.takeCredit(delivery)) this.enterRouter(delivery);
  }

  /** For its own events, as are the next two. */
  enterRouter(delivery: Delivery): void {
    const { perMessageMs, perByteMs, coreShare } = this.cost;
    const besideMs = (1 - coreShare) * perMessageMs + perByteMs * delivery.bytes;
    const router = this.routers[delivery.at];
    router.forward(coreShare * perMessageMs, besideMs, routed, delivery, delivery.argument);
  }

  leaveRouter(delivery: Delivery): void {
    const { at, consumer, kind, target, argument } = delivery;
    this.routers[at].left();
    if (at !== consumer) {
      this.travel(delivery);
      return;
    }
    this.returnSettlement(delivery);
    kind?.run(target, argument);
  }

  /** The sender hears of it: another delivery of its router may go. */
  settle(delivery: Delivery): void {
    const credit = this.creditOf(delivery);
    this.recycle(delivery);
    const { waiting } = credit;
    if (waiting !== undefined && credit.head < waiting.length) {
      const first = waiting[credit.head++];
      if (credit.head === waiting.length) {
        waiting.length = 0;
        credit.head = 0;
      }
      this.enterRouter(first);
    } else {
      credit.unsettled--;
    }
  }

  relayCopies(
    _queue: number,
    publisherMember: number,
    consumerMember: number,
    bytes: number,
    copies: number,
  ): void {
    // Multicast: one copy a way, split where the ways part.
    const { perMessageMs, perByteMs } = this.cost;
    const perCopyMs = perMessageMs + perByteMs * bytes;
    if (publisherMember !== consumerMember) this.routers[publisherMember].spend(perCopyMs);
    this.routers[consumerMember].spend(perCopyMs * Math.max(1, copies));
  }

  resetStatistics(): void {
    for (const { meter } of this.routers) meter.reset();
  }

  results(): ServerResult[] {
    const { cost } = this;
    return this.routers.map(({ meter, member: { site, cpu } }) => {
      const idleMs = meter.spanMs * (cost.idleShare + meter.connections * cost.idleConnectionShare);
      const memoryBytes = cost.baseBytes + meter.connections * cost.connectionBytes;
      return meter.result(`${this.backend}/${this.id}`, site, cpu.cores, memoryBytes, idleMs);
    });
  }

  private creditOf({ queue, publisher }: Delivery): Credit {
    const place = queue * this.memberSites.length + publisher;
    let credit = this.credits[place];
    if (credit === undefined) {
      credit = { unsettled: 0, waiting: undefined, head: 0 };
      this.credits[place] = credit;
    }
    return credit;
  }

  private takeCredit(delivery: Delivery): boolean {
    const credit = this.creditOf(delivery);
    if (credit.unsettled < this.cost.linkCapacity) {
      credit.unsettled++;
      return true;
    }
    credit.waiting ??= [];
    credit.waiting.push(delivery);
    return false;
  }

  /** One router further, over one connection: nothing overtakes. Released where no way leads on. */
  private travel(delivery: Delivery): void {
    const { wire, traffic, simulator } = this.options;
    const { memberSites, lastArrivalMs, paths } = this;
    const { at, consumer, bytes } = delivery;
    const next = paths.next(at, consumer);
    const delayMs = wire.transitMs(memberSites[at], memberSites[next], bytes, traffic);
    if (delayMs === Infinity) {
      this.released++;
      this.returnSettlement(delivery);
      return;
    }
    const pair = at * memberSites.length + next;
    lastArrivalMs[pair] = Math.max(lastArrivalMs[pair], simulator.now + delayMs);
    delivery.at = next;
    simulator.scheduleAt(lastArrivalMs[pair], atRouter, delivery, delivery.argument);
  }

  /** Accepted or released, the sender has its credit again when word of it is back. */
  private returnSettlement(delivery: Delivery): void {
    delivery.target = undefined;
    if (this.isPreSettled) {
      this.recycle(delivery);
      return;
    }
    const { wire, traffic, simulator } = this.options;
    const { memberSites, paths, cost } = this;
    let delayMs = 0;
    for (let at = delivery.at; at !== delivery.publisher; ) {
      const next = paths.next(at, delivery.publisher);
      delayMs += wire.transitMs(memberSites[at], memberSites[next], cost.settlementBytes, traffic);
      at = next;
    }
    if (delayMs === 0 || delayMs === Infinity) this.settle(delivery);
    else simulator.schedule(delayMs, settled, delivery, delivery.argument);
  }

  private recycle(delivery: Delivery): void {
    delivery.target = undefined;
    this.idleDeliveries.push(delivery);
  }
}
