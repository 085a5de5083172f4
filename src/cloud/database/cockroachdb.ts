import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { RandomStream } from '../../random/index.js';
import { constantOf } from '../backend-constants.js';
import type { Refusal, TableAccess } from './database.js';
import { placeRange, type RangePlace, type RangeSettings, rangeSettings } from './range-layout.js';
import { RangeTable } from './range-table.js';
import { RowHistory } from './row-history.js';
import type { RowWrite } from './row-write.js';
import {
  committed,
  type DatabaseOptions,
  executed,
  SqlDatabase,
  Transaction,
} from './sql-database.js';

/** Round trips of a checkout that never leave the gateway: ping, ROLLBACK or COMMIT, reset. */
const ROUND_TRIPS_AT_GATEWAY = 3;
/** All that no footprint names; named tables follow. */
const UNNAMED_TABLE = 0;
/** A scan that other gateways' writes hit reads twice: its first try, and the restart. */
const SCAN_ROUND_TRIPS = 2;

const TOO_LATE: Refusal = { reason: 'waited too long for other transactions', isRetried: false };
const RETRIED_RESTART: Refusal = { reason: 'restart transaction', isRetried: true };
const RESTART: Refusal = { reason: 'restart transaction', isRetried: false };

/** A transaction with its range. */
class RangeTransaction extends Transaction {
  place!: RangePlace;
  table = UNNAMED_TABLE;
  /** It has its table to itself, until its commits are over. */
  isAlone = false;
  isCommit = false;
  /** CPU of its statements at the gateway, in ms. */
  gatewayMs = 0;
  /** Requests to the leaseholder, and how many of them write. */
  requests = 0;
  writes = 0;
}

const admitted = defineEventKind('cockroachdb-admitted', (transaction: RangeTransaction) =>
  (transaction.database as CockroachDb).runAtGateway(transaction),
);
const expired = defineEventKind('cockroachdb-expired', (transaction: RangeTransaction) =>
  (transaction.database as CockroachDb).giveUp(transaction),
);
const scanAdmitted = defineEventKind('cockroachdb-scan-admitted', (transaction: RangeTransaction) =>
  (transaction.database as CockroachDb).runScan(transaction),
);
const scanOver = defineEventKind('cockroachdb-scan-over', (database: CockroachDb, table: number) =>
  database.endScan(table),
);
const planned = defineEventKind('cockroachdb-planned', (transaction: RangeTransaction) =>
  (transaction.database as CockroachDb).send(transaction),
);
const answered = defineEventKind('cockroachdb-answered', (transaction: RangeTransaction) =>
  (transaction.database as CockroachDb).serve(transaction, executed),
);
const commitAnswered = defineEventKind('cockroachdb-committed', (transaction: RangeTransaction) =>
  (transaction.database as CockroachDb).serve(transaction, committed),
);
const applied = defineEventKind('cockroachdb-applied', () => {});

/**
 * SQL over ranges that Raft replicates (CockroachDB 2.0). A client talks to the nearest node, its
 * gateway; each request of a statement goes from there to the leaseholder of the table's range, and
 * a write is answered when the leaseholder and the nearest majority have it. Transactions that scan
 * what others write run one after the other. Constants: models/backends/cockroachdb.yaml; equations
 * and limits: docs/models/cockroachdb.md.
 */
export class CockroachDb extends SqlDatabase {
  private readonly perRequestMs: number;
  private readonly applyMs: number;
  private readonly latencyMs: number;
  private readonly proposalBytes: number;
  private readonly ranges: RangeSettings;
  private readonly places: RangePlace[] = [];
  private readonly uncertaintyMs: number;
  private readonly restartShare: number;
  private readonly retriedShare: number;
  private readonly rows = new RowHistory();
  private readonly patienceMs: number;
  private readonly stream: RandomStream | undefined;
  /** Scans under way, by table. */
  private readonly scans: RangeTable<RangeTransaction>[] = [];
  private readonly tables: RangeTable<RangeTransaction>[] = [];
  /** Why a transaction failed, by its argument, until its service asks. */
  private readonly refusals = new Map<number, Refusal>();

  /** @throws Error for settings that say nothing */
  constructor(options: DatabaseOptions) {
    super(options);
    const { constants, replicas, settings, streams, id } = options;
    this.perRequestMs = constantOf(constants, 'cpu-per-request');
    this.applyMs = constantOf(constants, 'cpu-per-apply');
    this.latencyMs = constantOf(constants, 'request-latency');
    this.proposalBytes = constantOf(constants, 'proposal-size');
    this.uncertaintyMs = constantOf(constants, 'clock-uncertainty');
    this.restartShare = constantOf(constants, 'restart-share');
    this.retriedShare = constantOf(constants, 'retried-share');
    this.patienceMs = constantOf(constants, 'contention-limit') * 1000;
    this.stream = streams?.stream(`database/${id}`);
    const copies = constantOf(constants, 'replication-factor');
    try {
      this.ranges = rangeSettings(settings, replicas.length, copies);
    } catch (error) {
      throw new Error(`database ${id}: ${(error as Error).message}`);
    }
  }

  /** Position of the replica that holds a table's lease. */
  leaseholderOf(table: number): number {
    return this.placeOf(table + 1).leaseholder;
  }

  override execute<Target>(
    replica: number,
    statements: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
    access?: TableAccess,
  ): void {
    const transaction = this.open(replica, kind, target, argument, access);
    const writes = access?.writes ?? 0;
    const asked = access?.reads ?? Math.max(1, statements - ROUND_TRIPS_AT_GATEWAY) - writes;
    transaction.isCommit = false;
    transaction.requests = Math.max(0, asked) + writes;
    transaction.writes = writes;
    transaction.gatewayMs = statements * this.perStatementMs + bytes * this.perByteMs;
    this.meters[replica].came(statements, transaction.gatewayMs);
    const table = this.tableOf(transaction.table);
    if (transaction.isAlone) {
      if (!table.acquire(transaction, argument)) return;
    } else if (writes > 0 && table.isHeld) {
      // Who writes beside a scan waits for the one under way, not for those in line.
      table.standBy(admitted, transaction, argument);
      return;
    }
    if (access?.scan && table.hasOthersSince(replica, this.uncertaintyMs)) this.scan(transaction);
    else this.runAtGateway(transaction);
  }

  override commit<Target>(
    replica: number,
    commits: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
    access?: TableAccess,
    write?: RowWrite,
  ): void {
    const transaction = this.open(replica, kind, target, argument, access);
    transaction.write = write;
    transaction.isCommit = true;
    transaction.requests = 1;
    transaction.writes = 1;
    transaction.commitsLeft = commits;
    this.meters[replica].came(0, 0);
    this.nextCommit(transaction);
  }

  /** SELECT ... FOR UPDATE locks nothing before CockroachDB 20.1. */
  override lockRow(): boolean {
    return true;
  }

  /** A scan among other gateways' writes has its turn: it holds up the next for two round trips. */
  runScan(transaction: RangeTransaction): void {
    const { replica, place, table } = transaction;
    const { replicas, wire, simulator } = this.options;
    const holdMs =
      SCAN_ROUND_TRIPS * wire.roundTripMs(replicas[replica].site, replicas[place.leaseholder].site);
    if (holdMs < Infinity) simulator.schedule(holdMs, scanOver, this, table);
    this.runAtGateway(transaction);
  }

  /** For its own events. */
  endScan(table: number): void {
    this.scans[table].release();
  }

  private scan(transaction: RangeTransaction): void {
    const { table, argument } = transaction;
    this.scans[table] ??= this.newTable(scanAdmitted, Infinity);
    if (this.scans[table].acquire(transaction, argument)) this.runScan(transaction);
  }

  /** Parses and plans at the gateway. */
  runAtGateway(transaction: RangeTransaction): void {
    const { replica, gatewayMs, argument } = transaction;
    this.options.replicas[replica].cpu.submit(gatewayMs, planned, transaction, argument);
  }

  /** Sends the statements' requests, one after the other. */
  send(transaction: RangeTransaction): void {
    this.travel(transaction, answered);
  }

  /** The leaseholder's own work on the requests. */
  serve(transaction: RangeTransaction, next: EventKind<Transaction>): void {
    const { place, requests, argument } = transaction;
    const demandMs = requests * this.perRequestMs;
    this.meters[place.leaseholder].work(demandMs);
    this.options.replicas[place.leaseholder].cpu.submit(demandMs, next, transaction, argument);
  }

  override finish(transaction: Transaction): void {
    const own = transaction as RangeTransaction;
    if (own.isCommit) this.settle(own);
    super.finish(transaction);
  }

  /** Who waited for a table as long as it may is told so. */
  giveUp(transaction: RangeTransaction): void {
    this.tableOf(transaction.table).leave(transaction);
    this.refusals.set(transaction.argument, TOO_LATE);
    super.finish(transaction);
  }

  takeRefusal(argument: number): Refusal | undefined {
    const refusal = this.refusals.get(argument);
    if (refusal) this.refusals.delete(argument);
    return refusal;
  }

  /** The end of a transaction that wrote: done, or to be restarted by a client that does not. */
  private settle(transaction: RangeTransaction): void {
    const { isAlone, replica, argument, write } = transaction;
    const table = this.tableOf(transaction.table);
    const doneShare = this.doneShare(transaction, table);
    if (this.stream && doneShare < 1 && this.stream.uniform() >= doneShare) {
      const isRetried = write && this.stream.uniform() < this.retriedShare;
      this.refusals.set(argument, isRetried ? RETRIED_RESTART : RESTART);
    } else {
      table.committed(replica);
      if (write) this.rows.committed(write.row, replica, this.options.simulator.now);
    }
    if (isAlone) table.release();
  }

  /** Probability that a transaction need not restart. */
  private doneShare(
    { isAlone, replica, write, table: tableIndex }: RangeTransaction,
    table: RangeTable<RangeTransaction>,
  ): number {
    if (isAlone) return 1;
    if (write) return this.rows.isOvertaken(write.row, replica, write.beganMs) ? 0 : 1;
    // A footprint that names no table says nothing of who meets whom.
    if (tableIndex === UNNAMED_TABLE) return 1;
    return table.hasOthersSince(replica, this.uncertaintyMs) ? 1 - this.restartShare : 1;
  }

  private tableOf(index: number): RangeTable<RangeTransaction> {
    let table = this.tables[index];
    if (!table) {
      table = this.newTable(admitted, this.patienceMs);
      this.tables[index] = table;
    }
    return table;
  }

  private newTable(
    next: EventKind<RangeTransaction>,
    patienceMs: number,
  ): RangeTable<RangeTransaction> {
    const { simulator, replicas } = this.options;
    const events = { admitted: next, expired };
    return new RangeTable(simulator, replicas.length, patienceMs, events, this.stream);
  }

  protected override beginCommit(transaction: Transaction): void {
    this.travel(transaction as RangeTransaction, commitAnswered);
  }

  protected override newTransaction(): Transaction {
    return new RangeTransaction(this);
  }

  private open<Target>(
    replica: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
    access: TableAccess | undefined,
  ): RangeTransaction {
    const transaction = this.enter(replica, kind, target, argument) as RangeTransaction;
    transaction.table = access ? access.table + 1 : UNNAMED_TABLE;
    transaction.place = this.placeOf(transaction.table);
    transaction.isAlone = access?.contended ?? false;
    return transaction;
  }

  private placeOf(table: number): RangePlace {
    const { replicas, wire } = this.options;
    let place = this.places[table];
    if (!place) {
      place = placeRange(table, this.ranges, replicas, wire);
      this.places[table] = place;
    }
    return place;
  }

  /** The way of the requests: to the leaseholder and back, and for writes to the majority between. */
  private travel(transaction: RangeTransaction, next: EventKind<RangeTransaction>): void {
    const { simulator, replicas, wire } = this.options;
    const { place, replica, requests, writes, argument } = transaction;
    const from = replicas[replica].site;
    const to = replicas[place.leaseholder].site;
    const perRequestMs = wire.roundTripMs(from, to) + this.latencyMs;
    const wayMs = requests * perRequestMs + writes * (place.quorumMs + this.latencyMs);
    // Cut off from the leaseholder or the majority, it waits for good.
    if (wayMs === Infinity) return;
    if (writes > 0) this.propose(place, writes);
    simulator.schedule(wayMs, next, transaction, argument);
  }

  /** Copies go to all followers; the answer has waited for the nearest of them only. */
  private propose({ leaseholder, followers }: RangePlace, writes: number): void {
    const { replicas, wire, traffic } = this.options;
    const demandMs = writes * this.applyMs;
    for (const follower of followers) {
      const { site, cpu } = replicas[follower];
      wire.transitMs(replicas[leaseholder].site, site, writes * this.proposalBytes, traffic);
      this.meters[follower].work(demandMs);
      cpu.submit(demandMs, applied, undefined, follower);
    }
  }
}
