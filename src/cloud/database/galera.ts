import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import { constantOf } from '../backend-constants.js';
import type { Refusal, TableAccess } from './database.js';
import { GaleraMembership } from './galera-membership.js';
import { GaleraReplication } from './galera-replication.js';
import type { RowWrite } from './row-write.js';
import { type DatabaseOptions, SqlDatabase, type Transaction } from './sql-database.js';

/** Error 1213: another transaction wrote the row first; nothing was written. */
const CONFLICT: Refusal = { reason: 'deadlock', isRetried: true };
/** Error 1047, or 1180 for a commit that waited. */
const NOT_PRIMARY: Refusal = { reason: 'database without quorum', isRetried: false };

const ordered = defineEventKind('galera-ordered', (transaction: Transaction) =>
  (transaction.database as Galera).compute(transaction),
);
const computed = defineEventKind('galera-committed', (transaction: Transaction) =>
  (transaction.database as Galera).endCommit(transaction),
);
const rowLocked = defineEventKind('galera-row-locked', (transaction: Transaction) =>
  (transaction.database as Galera).endLock(transaction),
);

/**
 * A Galera group: reads are local, a commit waits until the group has put its write set in order and
 * certified the row that it writes. Messages and write sets are followed one by one
 * (`GaleraReplication`). Settings: `aggregate: false` (one write set a message), `sync-wait: true`
 * (wsrep_sync_wait = 1). Constants: models/backends/galera.yaml; equations and limits:
 * docs/models/galera.md.
 */
export class Galera extends SqlDatabase {
  readonly replication: GaleraReplication;
  private readonly commitMs: number;
  private readonly latencyMs: number;
  private readonly writeSetBytes: number;
  private readonly isCausal: boolean;
  /** Why transactions failed, by their argument, until their services ask. */
  private readonly refusals = new Map<number, Refusal>();
  private faults: GaleraMembership | undefined;

  constructor(options: DatabaseOptions) {
    super(options);
    const { constants, settings } = options;
    this.commitMs = constantOf(constants, 'cpu-per-commit');
    this.latencyMs = constantOf(constants, 'commit-latency');
    this.writeSetBytes = constantOf(constants, 'write-set-size');
    this.isCausal = settings?.['sync-wait'] === true;
    this.replication = this.newReplication();
  }

  /** Who is in the primary component; faults are given to it. */
  get membership(): GaleraMembership {
    const { constants, simulator, replicas } = this.options;
    this.faults ??= new GaleraMembership(simulator, constants, replicas.length, this.replication, {
      roundTripMs: () => this.widestMs(),
      refuse: (member) => this.refuse(member),
    });
    return this.faults;
  }

  networkChanged(): void {
    const { replicas, wire } = this.options;
    const sides: number[] = [];
    replicas.forEach(({ site }, member) => {
      const known = sides.findIndex((_, other) =>
        Number.isFinite(wire.roundTripMs(replicas[other].site, site)),
      );
      sides.push(known < 0 ? member : sides[known]);
    });
    if (this.faults || sides.some((side) => side !== sides[0])) {
      this.membership.networkChanged(sides);
    }
  }

  override execute<Target>(
    replica: number,
    statements: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    if (!this.isPrimary(replica)) this.refusals.set(argument, NOT_PRIMARY);
    else if (this.isCausal) {
      this.executeCausally(replica, statements, bytes, kind, target, argument);
      return;
    }
    super.execute(replica, statements, bytes, kind, target, argument);
  }

  /**
   * A read that sees all that the group has delivered at its member (wsrep_sync_wait = 1): the
   * continuation runs when its statements are done.
   */
  executeCausally<Target>(
    replica: number,
    statements: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const read = (): void => super.execute(replica, statements, bytes, kind, target, argument);
    this.replication.whenCurrent(replica, read);
  }

  override lockRow<Target>(
    replica: number,
    write: RowWrite,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): boolean {
    if (write.isLocked || write.row < 0) return true;
    write.isLocked = true;
    const waiter = this.enter(replica, kind, target, argument);
    waiter.write = write;
    if (!this.replication.lock(waiter)) return false;
    this.recycle(waiter);
    return true;
  }

  override unlockRow(_replica: number, write: RowWrite): void {
    if (!write.isLocked) return;
    write.isLocked = false;
    this.replication.unlock(write);
  }

  override commit<Target>(
    replica: number,
    commits: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
    _access?: TableAccess,
    write?: RowWrite,
  ): void {
    const transaction = this.enter(replica, kind, target, argument);
    transaction.commitsLeft = commits;
    transaction.write = write;
    this.meters[replica].came(0, 0);
    // It lost its row while it held it, and hears so now.
    if (this.refusals.has(argument)) this.finish(transaction);
    else this.nextCommit(transaction);
  }

  takeRefusal(argument: number): Refusal | undefined {
    const refusal = this.refusals.get(argument);
    if (refusal) this.refusals.delete(argument);
    return refusal;
  }

  protected override beginCommit(transaction: Transaction): void {
    const { replica, write } = transaction;
    transaction.retriesLeft = write?.retries ?? 0;
    if (!this.isPrimary(replica)) this.end(transaction, NOT_PRIMARY);
    else this.replication.commit(transaction);
  }

  /** The group has ordered the write set: its own member commits it. */
  compute(transaction: Transaction): void {
    const { replica, argument } = transaction;
    this.meters[replica].work(this.commitMs);
    this.options.replicas[replica].cpu.submit(this.commitMs, computed, transaction, argument);
  }

  /** For its own events. */
  endCommit(transaction: Transaction): void {
    this.replication.committed(transaction);
    this.nextCommit(transaction);
  }

  /** For its own events: who waited for a row goes on. */
  endLock(waiter: Transaction): void {
    const { kind, target, argument } = waiter;
    this.recycle(waiter);
    kind?.run(target, argument);
  }

  private isPrimary(replica: number): boolean {
    return !this.faults || this.faults.isPrimary(replica);
  }

  private overtaken(transaction: Transaction): void {
    if (transaction.retriesLeft > 0) {
      transaction.retriesLeft--;
      this.replication.commit(transaction);
    } else this.end(transaction, CONFLICT);
  }

  private end(transaction: Transaction, refusal: Refusal): void {
    this.refusals.set(transaction.argument, refusal);
    this.finish(transaction);
  }

  private refuse(member: number): void {
    for (const transaction of this.replication.abandon(member)) this.end(transaction, NOT_PRIMARY);
  }

  private newReplication(): GaleraReplication {
    const { constants, simulator, replicas, settings } = this.options;
    const isSingle = settings?.aggregate === false;
    return new GaleraReplication({
      simulator,
      processors: replicas.map(({ cpu }) => cpu),
      userSendWindow: constantOf(constants, 'user-send-window'),
      sendWindow: constantOf(constants, isSingle ? 'user-send-window' : 'send-window'),
      mostPerMessage: isSingle ? 1 : Infinity,
      answersAlways: isSingle,
      messageMs: constantOf(constants, 'cpu-per-group-message'),
      prepareMs: constantOf(constants, 'cpu-per-message-sent'),
      applyMs: constantOf(constants, 'cpu-per-apply'),
      applyFlushMs: constantOf(constants, 'apply-latency'),
      flowControlLimit: constantOf(constants, 'flow-control-limit'),
      transitMs: (from, to, writeSets) =>
        this.faults?.areApart(from, to)
          ? Number.POSITIVE_INFINITY
          : writeSets > 0
            ? this.messageMs(from, to, writeSets)
            : this.emptyMs(from, to),
      worked: (member, ms) => this.meters[member].work(ms),
      certified: (transaction) =>
        simulator.schedule(this.latencyMs, ordered, transaction, transaction.argument),
      overtaken: (transaction) => this.overtaken(transaction),
      locked: (waiter) => simulator.schedule(0, rowLocked, waiter, waiter.argument),
      lockLost: (argument) => this.refusals.set(argument, CONFLICT),
    });
  }

  private messageMs(from: number, to: number, writeSets: number): number {
    const { wire, replicas, traffic } = this.options;
    const bytes = writeSets * this.writeSetBytes;
    return wire.transitMs(replicas[from].site, replicas[to].site, bytes, traffic);
  }

  private emptyMs(from: number, to: number): number {
    const { wire, replicas } = this.options;
    return wire.roundTripMs(replicas[from].site, replicas[to].site) / 2;
  }

  private widestMs(): number {
    const { length } = this.options.replicas;
    let widest = 0;
    for (let a = 0; a < length; a++) {
      for (let b = 0; b < a; b++) {
        const ms = 2 * this.emptyMs(a, b);
        if (ms < Infinity) widest = Math.max(widest, ms);
      }
    }
    return widest;
  }
}
