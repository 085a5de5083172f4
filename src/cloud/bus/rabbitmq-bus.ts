import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { Processor } from '../../resources/processor.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import type { BackendConstants } from '../backend-constants.js';
import type { ServerResult } from '../server-meter.js';
import { type Member, nearestMember, type Wire } from '../wire.js';
import { Broker } from './broker.js';
import type { Bus } from './bus.js';
import { majorityRoundMs, ringMs } from './rabbitmq-agreement.js';
import { type RabbitMqCosts, readRabbitMqConstants } from './rabbitmq-constants.js';
import type { RabbitMqMembership } from './rabbitmq-membership.js';
import { Publication } from './rabbitmq-publication.js';
import { QueueFaults, type QueueReplication, type Waiting } from './rabbitmq-queue-faults.js';
import { readRabbitMqSettings } from './rabbitmq-settings.js';

/** What a bus is made of. */
export interface BusOptions {
  readonly id: string;
  readonly constants: BackendConstants;
  readonly simulator: Simulator;
  readonly wire: Wire;
  /** Kind of traffic between brokers. */
  readonly traffic: number;
  readonly members: readonly Member[];
  /** Of the deployment's bus; each backend says which it knows. */
  readonly settings?: Readonly<Record<string, number | boolean | string>>;
  /** What waking a broker costs grows with the time it had nothing to do; default: it always costs the same. */
  readonly isRestless?: boolean;
  /** When the ticks of each member fall, as a share of their period; default: evenly spread. */
  readonly tickPhases?: readonly number[];
}

/** A queue is one Erlang process on its leader: it handles one message at a time. */
class Queue extends SerialProcessor {
  constructor(
    simulator: Simulator,
    processor: Processor,
    readonly home: number,
    readonly isReplicated: boolean,
  ) {
    super(simulator, processor, false);
  }
}

/** A message on its way through the brokers; records are used again. */
class Passage implements Waiting {
  queue = 0;
  publisher = 0;
  consumer = 0;
  bytes = 0;
  kind: EventKind<unknown> | undefined;
  target: unknown;
  argument = 0;

  constructor(readonly bus: RabbitMqBus) {}

  retry(): void {
    this.bus.enter(this);
  }
}

const atLeader = defineEventKind('rabbitmq-at-leader', (passage: Passage) =>
  passage.bus.enterQueue(passage),
);
const replicated = defineEventKind('rabbitmq-replicated', (passage: Passage) => {
  passage.bus.settle();
  passage.bus.depart(passage);
});
const settled = defineEventKind('rabbitmq-settled', (bus: RabbitMqBus) => bus.settle());
const queueDone = defineEventKind('rabbitmq-queue-done', (passage: Passage) =>
  passage.bus.leaveQueue(passage),
);
const atConsumer = defineEventKind('rabbitmq-at-consumer', (passage: Passage) =>
  passage.bus.handOver(passage),
);
const copiesDone = defineEventKind('rabbitmq-copies-done', (broker: Broker) => broker.left());

/**
 * RabbitMQ with publisher confirms, as OpenStack uses it: one broker, or a cluster in which a message
 * passes the leader of its queue. Queues are classic and transient, or mirrored on all members, or
 * quorum queues, of which a majority has a message before a consumer does. Constants:
 * models/backends/rabbitmq*.yaml; equations and limits: docs/models/rabbitmq.md.
 */
export class RabbitMqBus implements Bus {
  readonly id: string;
  readonly backend: string;
  readonly memberSites: readonly number[];
  private readonly cost: RabbitMqCosts;
  /** What the confirm of a message to a plain queue waits for on disk. */
  private readonly plainStoreMs: number;
  private readonly brokers: Broker[];
  private readonly queues: Queue[] = [];
  private readonly idlePassages: Passage[] = [];
  private readonly nearest: number[] = [];
  /** When the last message sent from one broker to another comes there: [from * members + to]. */
  private readonly lastArrivalMs: Float64Array;
  /** Undefined as long as nothing fails: a healthy bus asks nobody. */
  private faults: QueueFaults | undefined;

  constructor(
    private readonly options: BusOptions,
    private readonly replication: QueueReplication = 'none',
  ) {
    const { constants, members, simulator } = options;
    this.id = options.id;
    this.backend = constants.backend;
    this.memberSites = members.map(({ site }) => site);
    this.cost = readRabbitMqConstants(constants);
    const { wakeUpMs } = this.cost;
    const isRestless = options.isRestless ?? false;
    this.brokers = members.map((member) => new Broker(simulator, member, wakeUpMs, isRestless));
    this.lastArrivalMs = new Float64Array(members.length ** 2);
    const { isDurable } = readRabbitMqSettings(options.id, options.settings);
    this.plainStoreMs = isDurable ? this.cost.storeMs : 0;
  }

  /** Who serves and who sees whom; faults are given to it. */
  get membership(): RabbitMqMembership {
    return this.faultsOf().membership;
  }

  networkChanged(): void {
    this.membership.networkChanged();
  }

  changeBroker(member: number, change: 'kill' | 'restart'): void {
    this.membership[change](member);
  }

  memberFor(site: number): number {
    let member = this.nearest[site];
    if (member === undefined) {
      const { members, wire } = this.options;
      const { faults } = this;
      const serving = faults ? members.filter((_, i) => faults.membership.isServing(i)) : members;
      const near = serving.length > 0 ? serving : members;
      member = members.indexOf(near[nearestMember(near, site, wire)]);
      this.nearest[site] = member;
    }
    return member;
  }

  /** The continuation runs with a `PublishOutcome` when the publisher knows it. */
  publish<Target>(
    queue: number,
    publisherMember: number,
    kind: EventKind<Target>,
    target: Target,
  ): void {
    new Publication(
      this.faultsOf(),
      this.options.simulator,
      this.queues[queue],
      publisherMember,
      () => this.confirmMs(queue, publisherMember),
      kind as EventKind<unknown>,
      target,
    ).retry();
  }

  connect(member: number, connections: number): void {
    const broker = this.brokers[member];
    broker.meter.connections += connections;
    if (connections > 0 && this.options.simulator.now > 0) {
      broker.spend(connections * this.cost.connectionSetUpMs);
    }
  }

  declareQueue(_name: string, homeMember: number, isTransient = false): number {
    const isReplicated = this.replication !== 'none' && !isTransient;
    const { cpu } = this.brokers[homeMember].member;
    this.queues.push(new Queue(this.options.simulator, cpu, homeMember, isReplicated));
    return this.queues.length - 1;
  }

  confirmMs(queue: number, publisherMember: number): number {
    const { cost, memberSites, faults } = this;
    const { home, isReplicated } = this.queues[queue];
    if (faults !== undefined && !faults.membership.answers(publisherMember, home)) return Infinity;
    const inQueueMs = cost.queueShare * cost.perMessageMs;
    const { wire } = this.options;
    const wayMs =
      home === publisherMember
        ? 0
        : wire.roundTripMs(memberSites[publisherMember], memberSites[home]);
    if (!isReplicated) return inQueueMs + wayMs + this.plainStoreMs;
    // The last mirror of the ring answers the publisher itself; a leader of a majority does.
    if (this.replication === 'mirrored') {
      return inQueueMs + cost.storeMs + wayMs / 2 + this.ringMs(home);
    }
    return inQueueMs + cost.storeMs + wayMs + this.majorityMs(home);
  }

  /** Until a majority of the members has written a message of a quorum queue. */
  private majorityMs(home: number): number {
    const { memberSites, cost, options } = this;
    const roundMs = majorityRoundMs(memberSites, home, options.wire);
    return memberSites.length > 1 ? roundMs + cost.memberMs : 0;
  }

  /** Once round all mirrors, in their order (the guaranteed multicast of mirrored queues). */
  private ringMs(home: number): number {
    const { memberSites, faults, cost } = this;
    const sites = faults ? faults.mirrorsOf(home).map((i) => memberSites[i]) : memberSites;
    return sites.length > 1 ? ringMs(sites, this.options.wire) + sites.length * cost.memberMs : 0;
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
    const passage = this.idlePassages.pop() ?? new Passage(this);
    passage.queue = queue;
    passage.publisher = publisherMember;
    passage.consumer = consumerMember;
    passage.bytes = bytes;
    passage.kind = kind as EventKind<unknown>;
    passage.target = target;
    passage.argument = argument;
    this.enter(passage);
  }

  /** From its publisher's broker, at once or as soon as faults let it. */
  enter(passage: Passage): void {
    const { publisher } = passage;
    const queue = this.queues[passage.queue];
    if (this.faults !== undefined) {
      const availability = this.faults.availability(queue, publisher);
      if (availability === 'waiting') this.faults.park(passage);
      if (availability === 'refused' || availability === 'closed') this.recycle(passage);
      if (availability !== 'open') return;
    }
    if (publisher === queue.home) {
      this.enterQueue(passage);
    } else {
      this.brokers[publisher].passOn(this.cost.perHopMs);
      this.travel(publisher, queue.home, atLeader, passage);
    }
  }

  /** For its own events, as are the next two. */
  enterQueue(passage: Passage): void {
    const queue = this.queues[passage.queue];
    const broker = this.brokers[queue.home];
    const { cost } = this;
    const isUsual = this.replication === 'none' || queue.isReplicated;
    const demandMs = isUsual
      ? cost.perMessageMs + cost.perByteMs * passage.bytes
      : cost.perTransientMessageMs + cost.perTransientByteMs * passage.bytes;
    const { queueShare } = cost;
    const inQueueMs = queueShare * demandMs;
    broker.came(1, inQueueMs, demandMs - inQueueMs);
    queue.compute(inQueueMs, queueDone, passage, passage.argument);
  }

  leaveQueue(passage: Passage): void {
    const { home, isReplicated } = this.queues[passage.queue];
    this.brokers[home].left();
    if (!isReplicated) {
      this.depart(passage);
      return;
    }
    this.copy(home, passage.bytes);
    const { simulator } = this.options;
    if (this.replication === 'mirrored') {
      simulator.schedule(this.ringMs(home), settled, this);
      this.depart(passage);
      return;
    }
    const { storeMs, deliveryMs } = this.cost;
    const agreedMs = this.majorityMs(home) + storeMs + deliveryMs;
    if (agreedMs === Infinity) this.recycle(passage);
    else {
      simulator.schedule(agreedMs, replicated, passage, passage.argument);
      // What its consumer acknowledges is agreed on, too, and made known.
      const roundMs = this.majorityMs(home);
      simulator.schedule(agreedMs + roundMs, settled, this);
      simulator.schedule(agreedMs + 1.5 * roundMs, settled, this);
    }
  }

  /** Members tell each other what was agreed on, or that a consumer has acknowledged a message. */
  settle(): void {
    for (const broker of this.brokers) broker.stir();
  }

  /** To every other member: its CPU, and the bytes on the wire, which nobody waits for here. */
  private copy(home: number, bytes: number): void {
    const { memberSites, options, brokers, cost } = this;
    const { wire, traffic } = options;
    if (brokers.length > 1) brokers[home].spend((brokers.length - 1) * cost.perReplicationMs);
    for (let member = 0; member < brokers.length; member++) {
      if (member === home) continue;
      const wayMs = wire.transitMs(memberSites[home], memberSites[member], bytes, traffic);
      if (wayMs !== Infinity) brokers[member].passOn(cost.perReplicaMs);
    }
  }

  /** From its queue to the broker of its consumer. */
  depart(passage: Passage): void {
    const { home } = this.queues[passage.queue];
    // A member that went away has no consumers; those that come to another ask for it themselves.
    if (this.isAway(passage.consumer) || this.isAway(home)) this.recycle(passage);
    else if (passage.consumer === home) this.release(passage);
    else this.travel(home, passage.consumer, atConsumer, passage);
  }

  handOver(passage: Passage): void {
    this.brokers[passage.consumer].passOn(this.cost.perHopMs);
    this.release(passage);
  }

  relayCopies(
    _queue: number,
    _publisherMember: number,
    consumerMember: number,
    bytes: number,
    copies: number,
  ): void {
    const { perMessageMs, perByteMs, perCopyMs } = this.cost;
    const demandMs = perMessageMs + copies * (perCopyMs + perByteMs * bytes);
    const broker = this.brokers[consumerMember];
    broker.came(copies, demandMs, 0);
    broker.member.cpu.submit(demandMs, copiesDone, broker, consumerMember);
  }

  resetStatistics(): void {
    for (const { meter } of this.brokers) meter.reset();
  }

  results(): ServerResult[] {
    const { cost } = this;
    return this.brokers.map(({ meter, member: { site, cpu } }) => {
      const idleMs = meter.spanMs * (cost.idleShare + meter.connections * cost.idleConnectionShare);
      const memoryBytes = cost.baseBytes + meter.connections * cost.connectionBytes;
      return meter.result(`${this.backend}/${this.id}`, site, cpu.cores, memoryBytes, idleMs);
    });
  }

  /** From broker to broker, over one connection: nothing overtakes. Lost where no way leads there. */
  private travel(from: number, to: number, kind: EventKind<Passage>, passage: Passage): void {
    const { wire, traffic, simulator } = this.options;
    const { memberSites, lastArrivalMs } = this;
    const delayMs = wire.transitMs(memberSites[from], memberSites[to], passage.bytes, traffic);
    if (delayMs === Infinity || this.isAway(to)) {
      this.recycle(passage);
      return;
    }
    const pair = from * memberSites.length + to;
    lastArrivalMs[pair] = Math.max(lastArrivalMs[pair], simulator.now + delayMs);
    simulator.scheduleAt(lastArrivalMs[pair], kind, passage, passage.argument);
  }

  private isAway(member: number): boolean {
    return this.faults !== undefined && !this.faults.membership.isServing(member);
  }

  private faultsOf(): QueueFaults {
    const { id, simulator, constants, members, settings, wire, tickPhases } = this.options;
    this.faults ??= new QueueFaults({
      simulator,
      constants,
      members: members.length,
      replication: this.replication,
      ...readRabbitMqSettings(id, settings),
      ...(tickPhases ? { tickPhases } : {}),
      queues: this.queues,
      roundTripMs: (a, b) => wire.roundTripMs(members[a].site, members[b].site),
      changed: () => {
        this.nearest.length = 0;
      },
    });
    return this.faults;
  }

  private release(passage: Passage): void {
    const { kind, target, argument } = passage;
    this.recycle(passage);
    kind?.run(target, argument);
  }

  private recycle(passage: Passage): void {
    passage.target = undefined;
    this.idlePassages.push(passage);
  }
}
