import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { constantOf } from '../backend-constants.js';
import { ServerMeter, type ServerResult } from '../server-meter.js';
import { nearestMember } from '../wire.js';
import type { ClientExchange, Database, DatabaseClient } from './database.js';
import { keySlot, masterOf } from './key-slot.js';
import { RomeLocks } from './rome-locks.js';
import type { DatabaseOptions } from './sql-database.js';

/** A lock's command names hash and key and carries who holds it since when, as JSON (ROME's source). */
const LOCK_SENT_BYTES = 150;
const LOCK_RECEIVED_BYTES = 50;

/** What a conversation with the shards does next. */
const Stage = { Read: 0, Lock: 1, Write: 2, Unlock: 3 } as const;
type Stage = (typeof Stage)[keyof typeof Stage];

/** One call of the library in progress. */
class Conversation {
  stage: Stage = Stage.Read;
  site = 0;
  master = 0;
  statements = 0;
  sentBytes = 0;
  receivedBytes = 0;
  commitsLeft = 0;
  row = -1;
  tries = 0;
  deadlocks = 0;
  kind: EventKind<unknown> | undefined;
  target: unknown;
  argument = 0;

  constructor(readonly rome: Rome) {}
}

const arrived = defineEventKind('rome-arrived', (conversation: Conversation, demandMs: number) =>
  conversation.rome.serve(conversation, demandMs),
);
const served = defineEventKind('rome-served', (conversation: Conversation) =>
  conversation.rome.advance(conversation),
);
const retried = defineEventKind('rome-retried', (conversation: Conversation) =>
  conversation.rome.lock(conversation),
);
const reread = defineEventKind('rome-reread', (conversation: Conversation) =>
  conversation.rome.read(conversation),
);

/**
 * ROME, the object mapper of the Nova PoC, on Redis: it makes each SQL statement into several
 * commands, fetches relations key by key, locks each object that a transaction wrote, and speaks to
 * the master that holds the table. Constants: models/backends/rome.yaml; equations and limits:
 * docs/models/rome.md.
 */
export class Rome implements Database, DatabaseClient {
  readonly id: string;
  readonly backend: string;
  readonly client: DatabaseClient = this;
  private readonly meters: ServerMeter[];
  /** Redis serves one command at a time. */
  private readonly servers: SerialProcessor[];
  private readonly locks: RomeLocks;
  private readonly value: (name: string) => number;
  private readonly masters: number;
  private readonly copies: number;
  private readonly lockMaster: number;
  private readonly commandMs: number;
  private readonly sqlOverhead: number;
  private readonly readTrips: number;
  private readonly lockTrips: number;
  private readonly retryTrips: number;
  private readonly writeTrips: number;
  private readonly objects: number;
  private readonly objectBytes: number;
  private readonly idle: Conversation[] = [];

  /** @throws Error where the wire cannot carry trains, or for more copies than other nodes. */
  constructor(private readonly options: DatabaseOptions) {
    const { constants, replicas, simulator, settings } = options;
    if (!options.wire.trainMs)
      throw new Error(`database ${options.id}: its wire carries no trains`);
    this.id = options.id;
    this.backend = constants.backend;
    this.meters = replicas.map(() => new ServerMeter(simulator));
    this.servers = replicas.map(({ cpu }) => new SerialProcessor(simulator, cpu, false));
    this.value = (name) => constantOf(constants, name);
    this.copies = Number(settings?.['replicas-per-shard'] ?? 0);
    if (!Number.isInteger(this.copies) || this.copies < 0 || this.copies >= replicas.length) {
      throw new Error(
        `database ${options.id}: replicas-per-shard ${this.copies}; with ${replicas.length} nodes it is a whole number from 0 to ${replicas.length - 1}`,
      );
    }
    this.masters = replicas.length;
    this.lockMaster = masterOf(keySlot('lock'), this.masters);
    this.locks = new RomeLocks(this.value('lock-time-to-live'));
    this.commandMs = this.value('cpu-per-command');
    this.sqlOverhead = this.value('sql-overhead');
    this.readTrips = this.value('round-trips-per-statement');
    this.lockTrips = this.value('round-trips-per-lock');
    this.retryTrips = this.value('round-trips-per-lock-retry');
    this.writeTrips = this.value('round-trips-per-write');
    this.objects = this.value('objects-per-transaction');
    this.objectBytes = this.value('object-size');
  }

  replicaFor(site: number): number {
    return nearestMember(this.options.replicas, site, this.options.wire);
  }

  replicaSite(replica: number): number {
    return this.options.replicas[replica].site;
  }

  connectRoundTrips(): number {
    return this.value('connect-round-trips');
  }

  openConnections(replica: number, change: number): void {
    this.meters[replica].connections += change;
  }

  execute(): void {
    throw new Error(`database ${this.id} of backend rome is reached through its client library`);
  }

  commit(): void {
    this.execute();
  }

  fetch<Target>(
    exchange: ClientExchange,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): boolean {
    const conversation = this.begin(exchange, kind, target, argument);
    return this.read(conversation);
  }

  store<Target>(
    exchange: ClientExchange,
    commits: number,
    row: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): boolean {
    const conversation = this.begin(exchange, kind, target, argument);
    conversation.commitsLeft = commits;
    conversation.row = row;
    return this.lock(conversation);
  }

  libraryMs({ roundTrips, receivedBytes }: ClientExchange): number {
    return (
      this.statementsOf(roundTrips) * this.value('client-cpu-per-statement') +
      (receivedBytes / 1000) * this.value('client-cpu-per-kilobyte')
    );
  }

  /** The reads of a conversation: keys first, then values and relations. */
  read(conversation: Conversation): boolean {
    const { statements, sentBytes, receivedBytes, master } = conversation;
    conversation.stage = Stage.Read;
    return this.send(
      conversation,
      master,
      statements * this.readTrips,
      sentBytes * this.value('bytes-sent-per-sql-byte'),
      receivedBytes * this.value('bytes-received-per-sql-byte'),
    );
  }

  /** A try at the locks of the objects that a transaction wrote. */
  lock(conversation: Conversation): boolean {
    conversation.stage = Stage.Lock;
    const trips = conversation.tries === 0 ? this.lockTrips * this.objects : this.retryTrips;
    return this.send(
      conversation,
      this.lockMaster,
      trips,
      trips * LOCK_SENT_BYTES,
      trips * LOCK_RECEIVED_BYTES,
    );
  }

  /** For its own events: commands have reached their server. */
  serve(conversation: Conversation, demandMs: number): void {
    const server = conversation.stage === Stage.Read || conversation.stage === Stage.Write;
    const master = server ? conversation.master : this.lockMaster;
    this.servers[master].compute(demandMs, served, conversation, conversation.argument);
  }

  /** For its own events: a server has answered. */
  advance(conversation: Conversation): void {
    const { stage } = conversation;
    this.meters[this.stageMaster(conversation)].left();
    if (stage === Stage.Read) {
      if (conversation.commitsLeft > 0) this.lock(conversation);
      else this.finish(conversation);
    } else if (stage === Stage.Lock) this.locked(conversation);
    else if (stage === Stage.Write) this.unlock(conversation);
    else this.committed(conversation);
  }

  resetStatistics(): void {
    for (const meter of this.meters) meter.reset();
  }

  results(): ServerResult[] {
    const { replicas } = this.options;
    const baseBytes = this.value('memory-base') * 2 ** 20;
    return this.meters.map((meter, replica) => {
      const { site, cpu } = replicas[replica];
      return meter.result(`${this.backend}/${this.id}`, site, cpu.cores, baseBytes);
    });
  }

  private statementsOf(roundTrips: number): number {
    return Math.max(1, roundTrips - this.sqlOverhead);
  }

  private stageMaster({ stage, master }: Conversation): number {
    return stage === Stage.Read || stage === Stage.Write ? master : this.lockMaster;
  }

  private locked(conversation: Conversation): void {
    const { simulator } = this.options;
    if (this.locks.tryLock(conversation.row, simulator.now)) {
      this.write(conversation);
      return;
    }
    conversation.tries++;
    if (conversation.tries < this.value('lock-tries')) {
      simulator.schedule(this.value('lock-pause'), retried, conversation, conversation.argument);
      return;
    }
    // Three tries failed: DBDeadlock; Nova begins the transaction again, reads included.
    conversation.tries = 0;
    conversation.deadlocks++;
    simulator.schedule(this.value('deadlock-pause'), reread, conversation, conversation.argument);
  }

  private write(conversation: Conversation): void {
    conversation.stage = Stage.Write;
    conversation.tries = 0;
    const writtenBytes = this.objects * this.objectBytes;
    const trips = this.objects * this.writeTrips;
    this.send(conversation, conversation.master, trips, writtenBytes, writtenBytes);
    this.replicate(conversation.master, writtenBytes);
  }

  /** Redis answers before its copies have the write. */
  private replicate(master: number, bytes: number): void {
    const { replicas, wire, traffic } = this.options;
    for (let copy = 1; copy <= this.copies; copy++) {
      const other = (master + copy) % replicas.length;
      wire.transitMs(replicas[master].site, replicas[other].site, bytes, traffic);
      const demandMs = this.objects * this.commandMs;
      this.meters[other].work(demandMs);
      this.servers[other].compute(demandMs, copied, undefined, other);
    }
  }

  private unlock(conversation: Conversation): void {
    conversation.stage = Stage.Unlock;
    const trips = this.objects * this.lockTrips;
    this.send(
      conversation,
      this.lockMaster,
      trips,
      trips * LOCK_SENT_BYTES,
      trips * LOCK_RECEIVED_BYTES,
    );
  }

  private committed(conversation: Conversation): void {
    this.locks.unlock(conversation.row, this.options.simulator.now);
    conversation.commitsLeft--;
    if (conversation.commitsLeft > 0) this.lock(conversation);
    else this.finish(conversation);
  }

  /** So many commands in a row to one node: their wire, then their CPU there. */
  private send(
    conversation: Conversation,
    master: number,
    trips: number,
    sentBytes: number,
    receivedBytes: number,
  ): boolean {
    const { simulator, wire, replicas, clientTraffic } = this.options;
    const { site } = replicas[master];
    const wireMs = wire.trainMs!(
      conversation.site,
      site,
      trips,
      sentBytes,
      receivedBytes,
      clientTraffic ?? this.options.traffic,
    );
    if (wireMs === Infinity) return false;
    const demandMs = trips * this.commandMs;
    this.meters[master].came(trips, demandMs);
    simulator.schedule(wireMs, arrived, conversation, demandMs);
    return true;
  }

  private begin<Target>(
    exchange: ClientExchange,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): Conversation {
    const conversation = this.idle.pop() ?? new Conversation(this);
    conversation.site = exchange.site;
    conversation.master = masterOf(exchange.slot, this.masters);
    conversation.statements = this.statementsOf(exchange.roundTrips);
    conversation.sentBytes = exchange.sentBytes;
    conversation.receivedBytes = exchange.receivedBytes;
    conversation.commitsLeft = 0;
    conversation.row = -1;
    conversation.tries = 0;
    conversation.deadlocks = 0;
    conversation.kind = kind as EventKind<unknown>;
    conversation.target = target;
    conversation.argument = argument;
    return conversation;
  }

  private finish(conversation: Conversation): void {
    const { kind, target, argument } = conversation;
    conversation.target = undefined;
    this.idle.push(conversation);
    kind?.run(target, argument);
  }
}

const copied = defineEventKind('rome-copied', () => {});
