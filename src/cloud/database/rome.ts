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
const Stage = { Read: 0, Lock: 1, Write: 2, Unlock: 3, GiveUp: 4 } as const;
type Stage = (typeof Stage)[keyof typeof Stage];

const NO_ROWS: readonly number[] = [];

/** One call of the library in progress. */
class Conversation {
  stage: Stage = Stage.Read;
  site = 0;
  master = 0;
  statements = 0;
  sentBytes = 0;
  receivedBytes = 0;
  relations = 0;
  commitsLeft = 0;
  rows: readonly number[] = NO_ROWS;
  /** How many of its rows it has locked. */
  locked = 0;
  tries = 0;
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
  private readonly relationTrips: number;
  private readonly lockTrips: number;
  private readonly retryTrips: number;
  private readonly writeTrips: number;
  private readonly objects: number;
  private readonly objectBytes: number;
  private readonly idle: Conversation[] = [];
  /** Transactions that found a lock held and began again. */
  deadlocks = 0;

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
    this.relationTrips = this.value('round-trips-per-relation');
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
    rows: readonly number[],
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): boolean {
    const conversation = this.begin(exchange, kind, target, argument);
    conversation.commitsLeft = commits;
    conversation.rows = rows;
    return this.lock(conversation);
  }

  libraryMs({ roundTrips, receivedBytes, scannedRows, relations }: ClientExchange): number {
    return (
      this.value('client-cpu-per-call') +
      this.statementsOf(roundTrips) * this.value('client-cpu-per-statement') +
      (receivedBytes / 1000) * this.value('client-cpu-per-kilobyte') +
      relations * this.value('client-cpu-per-relation') +
      scannedRows * this.value('client-cpu-per-scanned-row')
    );
  }

  /** The reads of a conversation: keys first, then values and relations. */
  read(conversation: Conversation): boolean {
    const { statements, sentBytes, receivedBytes, master } = conversation;
    conversation.stage = Stage.Read;
    return this.send(
      conversation,
      master,
      statements * this.readTrips + conversation.relations * this.relationTrips,
      sentBytes * this.value('bytes-sent-per-sql-byte'),
      receivedBytes,
    );
  }

  /** A try at the next lock; rows that nobody else writes are locked in one go. */
  lock(conversation: Conversation): boolean {
    const { rows, locked, tries } = conversation;
    conversation.stage = Stage.Lock;
    if (tries > 0) return this.sendLocks(conversation, this.retryTrips);
    const unshared = this.objectsOf(conversation) - rows.length;
    const count = locked < rows.length ? 1 : unshared;
    return this.sendLocks(conversation, count * this.lockTrips);
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
    } else if (stage === Stage.Lock) this.tried(conversation);
    else if (stage === Stage.Write) this.unlock(conversation);
    else if (stage === Stage.Unlock) this.committed(conversation);
    else this.gaveUp(conversation);
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

  /** Objects that a transaction writes: those that others write too, or as many as is usual. */
  private objectsOf({ rows }: Conversation): number {
    return Math.max(rows.length, this.objects);
  }

  private sendLocks(conversation: Conversation, trips: number): boolean {
    return this.send(
      conversation,
      this.lockMaster,
      trips,
      trips * LOCK_SENT_BYTES,
      trips * LOCK_RECEIVED_BYTES,
    );
  }

  private tried(conversation: Conversation): void {
    const { simulator } = this.options;
    const { rows, locked } = conversation;
    if (locked >= rows.length || this.locks.tryLock(rows[locked], simulator.now)) {
      conversation.locked++;
      conversation.tries = 0;
      const unshared = this.objectsOf(conversation) > rows.length ? 1 : 0;
      if (conversation.locked < rows.length + unshared) this.lock(conversation);
      else this.write(conversation);
      return;
    }
    conversation.tries++;
    if (conversation.tries < this.value('lock-tries')) {
      simulator.schedule(this.value('lock-pause'), retried, conversation, conversation.argument);
      return;
    }
    // All tries failed: it gives back what it has, then DBDeadlock.
    if (locked === 0) {
      this.gaveUp(conversation);
      return;
    }
    conversation.stage = Stage.GiveUp;
    this.sendLocks(conversation, locked * this.lockTrips);
  }

  /** Nova begins the transaction again, reads included. */
  private gaveUp(conversation: Conversation): void {
    const { simulator } = this.options;
    for (let i = 0; i < conversation.locked; i++) {
      this.locks.unlock(conversation.rows[i], simulator.now);
    }
    conversation.locked = 0;
    conversation.tries = 0;
    this.deadlocks++;
    simulator.schedule(this.value('deadlock-pause'), reread, conversation, conversation.argument);
  }

  private write(conversation: Conversation): void {
    conversation.stage = Stage.Write;
    const objects = this.objectsOf(conversation);
    const writtenBytes = objects * this.objectBytes;
    // An object is saved with all that hangs on it: each is fetched and compared.
    const trips = objects * this.writeTrips + conversation.relations;
    this.send(conversation, conversation.master, trips, writtenBytes, writtenBytes);
    this.replicate(conversation.master, writtenBytes, objects);
  }

  /** Redis answers before its copies have the write. */
  private replicate(master: number, bytes: number, objects: number): void {
    const { replicas, wire, traffic } = this.options;
    for (let copy = 1; copy <= this.copies; copy++) {
      const other = (master + copy) % replicas.length;
      wire.transitMs(replicas[master].site, replicas[other].site, bytes, traffic);
      const demandMs = objects * this.commandMs;
      this.meters[other].work(demandMs);
      this.servers[other].compute(demandMs, copied, undefined, other);
    }
  }

  private unlock(conversation: Conversation): void {
    conversation.stage = Stage.Unlock;
    this.sendLocks(conversation, this.objectsOf(conversation) * this.lockTrips);
  }

  private committed(conversation: Conversation): void {
    const { rows } = conversation;
    for (const row of rows) this.locks.unlock(row, this.options.simulator.now);
    conversation.locked = 0;
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
    conversation.receivedBytes =
      exchange.receivedBytes * this.value('bytes-received-per-sql-byte') +
      exchange.scannedRows * this.objectBytes;
    conversation.relations = exchange.relations;
    conversation.commitsLeft = 0;
    conversation.rows = NO_ROWS;
    conversation.locked = 0;
    conversation.tries = 0;
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
