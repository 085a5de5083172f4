import type { Simulator } from '../../kernel/simulator.js';
import type { Processor } from '../../resources/processor.js';
import { Applier } from './applier.js';
import { EvsGroup } from './evs-group.js';
import { FlowControl } from './flow-control.js';
import { RowTable, type RowUser } from './row-table.js';
import type { RowWrite } from './row-write.js';
import type { Transaction } from './sql-database.js';
import { WriteSetSender } from './write-set-sender.js';

/** Constants of the group and what it asks of the database. */
export interface ReplicationOptions {
  readonly simulator: Simulator;
  readonly processors: readonly Processor[];
  readonly userSendWindow: number;
  readonly sendWindow: number;
  readonly mostPerMessage: number;
  readonly answersAlways: boolean;
  readonly messageMs: number;
  /** CPU of a message's write sets before they leave, in ms. */
  readonly prepareMs: number;
  readonly applyMs: number;
  readonly applyFlushMs: number;
  /** gcs.fc_limit of a group of one; it grows with the root of the members. */
  readonly flowControlLimit: number;
  transitMs(from: number, to: number, writeSets: number): number;
  /** CPU that a member spent, for its meter. */
  worked(member: number, ms: number): void;
  /**
   * It has passed certification: its member may commit it, and then calls
   * `GaleraReplication.committed`.
   */
  certified(transaction: Transaction): void;
  /** Another transaction's write of the same row came first. */
  overtaken(transaction: Transaction): void;
  /** Who waited for a row goes on: with it, or after `lockLost`. */
  locked(waiter: Transaction): void;
  /** Another transaction's write of a row that is locked, or waited for, came first. */
  lockLost(argument: number): void;
}

/** What a member sends: a transaction's write set, or that it cannot keep up (or can again). */
class WriteSet implements RowUser {
  /** Its row is locked for it. */
  isLocked = false;
  /** Locked before the commit: who waits for that. */
  waiter: Transaction | undefined;
  isSent = false;
  hasPassed: boolean | undefined;
  /** Version of the row that it was made on, and the one that it makes. */
  seen = 0;
  version = 0;

  constructor(
    private readonly replication: GaleraReplication,
    readonly writer: number,
    public transaction: Transaction | undefined,
    /** Change of the number of members that ask for a pause. */
    readonly pauses: number,
    readonly row: number,
    /** Of a transaction that locks its row before it commits. */
    readonly argument = 0,
    readonly write: RowWrite | undefined = undefined,
  ) {}

  rowGranted(): void {
    const { replication, writer, row, waiter, transaction } = this;
    const table = replication.tables[writer];
    if (!transaction && !this.write) {
      table.release(row, this);
      return;
    }
    this.isLocked = true;
    this.seen = table.version(row);
    if (transaction) replication.send(this);
    else if (waiter) replication.goOn(this);
  }

  rowClaimed(): void {
    // What is on its way cannot be called back: it will fail where its turn comes.
    if (this.isSent) return;
    if (this.transaction) this.replication.lost(this.transaction);
    else if (this.write) this.replication.lockLost(this, this.write);
  }
}

/**
 * Galera's replication write set by write set: locks of rows at each member, the group's order,
 * certification (the first transaction wins), appliers, flow control and causal reads.
 */
export class GaleraReplication {
  readonly tables: RowTable[];
  readonly group: EvsGroup<WriteSet>;
  readonly flow: FlowControl[];
  private readonly appliers: Applier[];
  /** By row: version that the last certified write set made. */
  private readonly versions = new Map<number, number>();
  /** Write sets of transactions that wait for their commit, in the order in which they came. */
  private readonly inFlight = new Map<Transaction, WriteSet>();
  /** Of transactions that have locked their row, or wait for it, and do not commit yet. */
  private readonly locked = new Map<RowWrite, WriteSet>();
  private readonly senders: WriteSetSender<WriteSet>[];
  conflicts = 0;
  bruteForceAborts = 0;

  constructor(private readonly options: ReplicationOptions) {
    const { processors, simulator } = options;
    this.group = new EvsGroup<WriteSet>({
      ...options,
      transitMs: (from, to, items) => options.transitMs(from, to, items),
      delivered: (member, writeSet) => this.delivered(member, writeSet),
    });
    const limit = options.flowControlLimit * Math.sqrt(processors.length);
    this.senders = processors.map(
      (processor, member) =>
        new WriteSetSender<WriteSet>(
          processor,
          options.prepareMs,
          (writeSet) => this.sendPrepared(writeSet),
          (ms) => options.worked(member, ms),
        ),
    );
    this.tables = processors.map(() => new RowTable());
    this.flow = processors.map(
      (_, member) =>
        new FlowControl(simulator, limit, (pauses) =>
          this.group.send(member, new WriteSet(this, member, undefined, pauses, -1)),
        ),
    );
    this.appliers = processors.map(
      (processor, member) =>
        new Applier({
          simulator,
          processor,
          applyMs: options.applyMs,
          flushMs: options.applyFlushMs,
          claim: (row, ready) => this.tables[member].claim(row, ready),
          applied: (row, version) => this.applied(member, row, version),
        }),
    );
  }

  /** Locks a row before the commit; false: `locked` follows for the waiter. */
  lock(waiter: Transaction): boolean {
    const { replica, argument } = waiter;
    const write = waiter.write as RowWrite;
    const writeSet = new WriteSet(this, replica, undefined, 0, write.row, argument, write);
    this.locked.set(write, writeSet);
    this.tables[replica].acquire(write.row, writeSet);
    if (!writeSet.isLocked) writeSet.waiter = waiter;
    return writeSet.isLocked;
  }

  /** Gives back a row that was locked for a transaction that does not commit. */
  unlock(write: RowWrite): void {
    const writeSet = this.locked.get(write);
    if (!writeSet) return;
    this.locked.delete(write);
    this.tables[writeSet.writer].release(writeSet.row, writeSet);
  }

  /** For write sets: the row is locked for who waited. */
  goOn(writeSet: WriteSet): void {
    const waiter = writeSet.waiter as Transaction;
    writeSet.waiter = undefined;
    this.options.locked(waiter);
  }

  /** For write sets: an applier needs the row that is locked, or waited for, before the commit. */
  lockLost(writeSet: WriteSet, write: RowWrite): void {
    this.bruteForceAborts++;
    write.isLocked = false;
    this.options.lockLost(writeSet.argument);
    this.unlock(write);
    if (writeSet.waiter) this.goOn(writeSet);
  }

  /** Takes the row, if the transaction writes one that others write, and sends its write set. */
  commit(transaction: Transaction): void {
    const { replica, write } = transaction;
    const locked = write && this.locked.get(write);
    if (locked) {
      this.locked.delete(write);
      write.isLocked = false;
      locked.transaction = transaction;
      this.inFlight.set(transaction, locked);
      this.send(locked);
      return;
    }
    const writeSet = new WriteSet(this, replica, transaction, 0, write ? write.row : -1);
    this.inFlight.set(transaction, writeSet);
    if (writeSet.row >= 0) this.tables[replica].acquire(writeSet.row, writeSet);
    else this.send(writeSet);
  }

  /** A member commits no more: what waited there, to be told. What is ordered already still counts. */
  abandon(member: number): Transaction[] {
    const left: Transaction[] = [];
    for (const [transaction, { writer, hasPassed }] of this.inFlight) {
      if (writer === member && !hasPassed) left.push(transaction);
    }
    for (const transaction of left) this.giveBack(transaction);
    return left;
  }

  /** These are in one view again; those of them that were out have what the others have. */
  merge(members: readonly number[], rejoined: readonly number[]): void {
    const donor = members.find((member) => !rejoined.includes(member));
    this.group.merge(members, rejoined);
    for (const member of members) {
      if (donor !== undefined && rejoined.includes(member)) {
        this.tables[member].copyVersions(this.tables[donor]);
      }
      this.flow[member].reset();
      this.flow[member].queued(this.appliers[member].length);
    }
  }

  /** For write sets: to be prepared and sent. */
  send(writeSet: WriteSet): void {
    this.senders[writeSet.writer].submit(writeSet);
  }

  /** Out, unless the group has been asked to pause. */
  private sendPrepared(writeSet: WriteSet): void {
    this.flow[writeSet.writer].pass(() => {
      if (!writeSet.transaction) return;
      writeSet.isSent = true;
      this.group.send(writeSet.writer, writeSet);
    });
  }

  /** For write sets: an applier needs the row that it waits for, or holds and has not written. */
  lost(transaction: Transaction): void {
    this.bruteForceAborts++;
    this.giveBack(transaction);
    this.options.overtaken(transaction);
  }

  /** A transaction has been committed at its own member: it gives its row back. */
  committed(transaction: Transaction): void {
    this.giveBack(transaction);
  }

  /** Runs when a read at a member sees all that the group has delivered there by now. */
  whenCurrent(member: number, done: () => void): void {
    this.group.whenCurrent(member, () => this.appliers[member].whenApplied(done));
  }

  private delivered(member: number, writeSet: WriteSet): void {
    if (writeSet.pauses !== 0) {
      this.flow[member].asked(writeSet.pauses);
      return;
    }
    writeSet.hasPassed ??= this.certify(writeSet);
    if (member === writeSet.writer) this.ownDelivered(member, writeSet);
    else if (writeSet.hasPassed) this.otherDelivered(member, writeSet);
  }

  /** Every member comes to the same: nothing before it in the order wrote the row unseen. */
  private certify(writeSet: WriteSet): boolean {
    if (writeSet.row < 0) return true;
    const last = this.versions.get(writeSet.row) ?? 0;
    if (last !== writeSet.seen) return false;
    writeSet.version = last + 1;
    this.versions.set(writeSet.row, last + 1);
    return true;
  }

  private ownDelivered(member: number, writeSet: WriteSet): void {
    const { transaction, row } = writeSet;
    if (writeSet.hasPassed && row >= 0) this.tables[member].written(row, writeSet.version);
    if (!transaction) return;
    if (writeSet.hasPassed) {
      // A member commits in the group's order.
      this.appliers[member].whenApplied(() => this.options.certified(transaction));
      return;
    }
    this.conflicts++;
    this.giveBack(transaction);
    this.options.overtaken(transaction);
  }

  private otherDelivered(member: number, writeSet: WriteSet): void {
    const { row } = writeSet;
    this.options.worked(member, this.options.applyMs);
    const applier = this.appliers[member];
    applier.add(row, writeSet.version);
    this.flow[member].queued(applier.length);
  }

  private applied(member: number, row: number, version: number): void {
    if (row >= 0) this.tables[member].applied(row, version);
    this.flow[member].queued(this.appliers[member].length);
  }

  private giveBack(transaction: Transaction): void {
    const writeSet = this.inFlight.get(transaction);
    if (!writeSet) return;
    this.forget(transaction);
    if (writeSet.row >= 0) this.tables[writeSet.writer].release(writeSet.row, writeSet);
  }

  private forget(transaction: Transaction): void {
    const writeSet = this.inFlight.get(transaction);
    if (writeSet) writeSet.transaction = undefined;
    this.inFlight.delete(transaction);
  }
}
