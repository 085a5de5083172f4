import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { type BackendConstants, constantOf } from '../backend-constants.js';
import { ServerMeter, type ServerResult } from '../server-meter.js';
import { type Member, nearestMember, type Wire } from '../wire.js';
import type { Bus } from './bus.js';

/** What a bus is made of. */
export interface BusOptions {
  readonly id: string;
  readonly constants: BackendConstants;
  readonly simulator: Simulator;
  readonly wire: Wire;
  /** Kind of traffic between brokers. */
  readonly traffic: number;
  readonly members: readonly Member[];
}

/** A queue is one Erlang process on its leader: it handles one message at a time. */
interface Queue {
  readonly home: number;
  process: SerialProcessor | undefined;
}

/** A message on its way between brokers of a cluster; records are used again. */
class Hop {
  queue = 0;
  publisher = 0;
  consumer = 0;
  bytes = 0;
  kind: EventKind<unknown> | undefined;
  target: unknown;
  argument = 0;

  constructor(readonly bus: RabbitMqBus) {}
}

const atLeader = defineEventKind('rabbitmq-at-leader', (hop: Hop) => hop.bus.handleAtLeader(hop));
const leaderDone = defineEventKind('rabbitmq-leader-done', (hop: Hop) => hop.bus.leaveLeader(hop));
const copiesDone = defineEventKind('rabbitmq-copies-done', (bus: RabbitMqBus, member: number) =>
  bus.left(member),
);

/**
 * RabbitMQ with classic, transient queues and publisher confirms, as OpenStack uses it: one broker,
 * or a cluster in which a message passes the leader of its queue. Constants: models/backends/rabbitmq.yaml.
 */
export class RabbitMqBus implements Bus {
  readonly id: string;
  readonly backend: string;
  readonly memberSites: readonly number[];
  private readonly queues: Queue[] = [];
  private readonly meters: ServerMeter[];
  private readonly idleHops: Hop[] = [];
  private readonly nearest: number[] = [];
  private readonly perMessageMs: number;
  private readonly perByteMs: number;
  private readonly confirmDelayMs: number;
  private readonly connectionBytes: number;
  private readonly idleCpuMsPerMs: number;
  private readonly baseBytes: number;

  constructor(private readonly options: BusOptions) {
    const { constants, members } = options;
    this.id = options.id;
    this.backend = constants.backend;
    this.memberSites = members.map(({ site }) => site);
    this.meters = members.map(() => new ServerMeter(options.simulator));
    this.perMessageMs = constantOf(constants, 'cpu-per-message');
    this.perByteMs = constantOf(constants, 'cpu-per-kilobyte') / 1000;
    this.confirmDelayMs = constantOf(constants, 'confirm-delay');
    this.connectionBytes = constantOf(constants, 'memory-per-connection') * 1024;
    this.baseBytes = constantOf(constants, 'memory-base') * 2 ** 20;
    this.idleCpuMsPerMs = constantOf(constants, 'cpu-per-idle-connection') / 1e6;
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
    this.meters[member].connections += connections;
  }

  declareQueue(_name: string, homeMember: number): number {
    this.queues.push({ home: homeMember, process: undefined });
    return this.queues.length - 1;
  }

  confirmMs(_queue: number, _publisherMember: number): number {
    return this.confirmDelayMs;
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
    const hop = this.idleHops.pop() ?? new Hop(this);
    hop.queue = queue;
    hop.publisher = publisherMember;
    hop.consumer = consumerMember;
    hop.bytes = bytes;
    hop.kind = kind as EventKind<unknown>;
    hop.target = target;
    hop.argument = argument;
    const { home } = this.queues[queue];
    if (publisherMember === home) this.handleAtLeader(hop);
    else this.travel(publisherMember, home, bytes, atLeader, hop, argument);
  }

  private travel<Target>(
    from: number,
    to: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const { wire, traffic, simulator } = this.options;
    const delayMs = wire.transitMs(this.memberSites[from], this.memberSites[to], bytes, traffic);
    if (delayMs < Infinity) simulator.schedule(delayMs, kind, target, argument);
  }

  handleAtLeader(hop: Hop): void {
    const queue = this.queues[hop.queue];
    queue.process ??= new SerialProcessor(
      this.options.simulator,
      this.options.members[queue.home].cpu,
    );
    const demandMs = this.perMessageMs + this.perByteMs * hop.bytes;
    this.meters[queue.home].came(1, demandMs);
    queue.process.compute(demandMs, leaderDone, hop, hop.argument);
  }

  leaveLeader(hop: Hop): void {
    const { home } = this.queues[hop.queue];
    const { kind, target, argument, consumer, bytes } = hop;
    hop.target = undefined;
    this.idleHops.push(hop);
    this.meters[home].left();
    if (!kind) return;
    if (consumer === home) kind.run(target, argument);
    else this.travel(home, consumer, bytes, kind, target, argument);
  }

  relayCopies(
    _queue: number,
    _publisherMember: number,
    consumerMember: number,
    bytes: number,
    copies: number,
  ): void {
    const demandMs = copies * (this.perMessageMs + this.perByteMs * bytes);
    this.meters[consumerMember].came(copies, demandMs);
    this.options.members[consumerMember].cpu.submit(demandMs, copiesDone, this, consumerMember);
  }

  left(member: number): void {
    this.meters[member].left();
  }

  resetStatistics(): void {
    for (const meter of this.meters) meter.reset();
  }

  results(): ServerResult[] {
    return this.meters.map((meter, member) => {
      const { site, cpu } = this.options.members[member];
      const idleCpuMs = meter.connections * this.idleCpuMsPerMs * meter.spanMs;
      const memoryBytes = this.baseBytes + meter.connections * this.connectionBytes;
      return meter.result(`rabbitmq/${this.id}`, site, cpu.cores, memoryBytes, idleCpuMs);
    });
  }
}
