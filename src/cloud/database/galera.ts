import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { RandomStream } from '../../random/index.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { constantOf } from '../backend-constants.js';
import { Certification } from './certification.js';
import type { Refusal, TableAccess } from './database.js';
import { GaleraMembership } from './galera-membership.js';
import { GaleraReplication } from './galera-replication.js';
import { type GroupLegs, GroupOrder } from './group-order.js';
import { CommitOutcome, type RowWrite } from './row-write.js';
import { committed, type DatabaseOptions, SqlDatabase, Transaction } from './sql-database.js';

const NO_KEY = -1;
const CONFLICT: Refusal = { reason: 'deadlock', isRetried: true };

/** A transaction that may write a key that others write. */
class KeyedTransaction extends Transaction {
  key = NO_KEY;
  beganMs = 0;
}

const ordered = defineEventKind('galera-ordered', (transaction: Transaction) =>
  (transaction.database as Galera).compute(transaction),
);
const applied = defineEventKind('galera-applied', () => {});
const computed = defineEventKind('galera-committed', (transaction: Transaction) =>
  (transaction.database as Galera).endCommit(transaction),
);

/** A continuation kept until a read may begin. */
type Continue = () => void;

/**
 * A Galera group: reads are local, a commit waits until the group has put its write set in order.
 * As long as nobody asks for more, the order's times are reckoned at once (`GroupOrder`); with rows
 * that others write, causal reads or faults, messages and write sets are followed one by one
 * (`GaleraReplication`). Constants: models/backends/galera.yaml; equations and limits:
 * docs/models/galera.md.
 */
export class Galera extends SqlDatabase {
  readonly locksByReplica = true;
  private readonly order: GroupOrder;
  /** One thread a member (wsrep_slave_threads 1). */
  private readonly appliers: SerialProcessor[];
  private readonly commitMs: number;
  private readonly applyMs: number;
  private readonly latencyMs: number;
  private readonly writeSetBytes: number;
  private readonly mostPerMessage: number;
  private readonly certification = new Certification((from, to) => this.emptyMs(from, to));
  /** Transactions that lost, by their argument, until their service asks. */
  private readonly lost = new Set<number>();
  private readonly stream: RandomStream | undefined;
  /** Of the commit that is just being made. */
  private nextKey = NO_KEY;
  private followed: GaleraReplication | undefined;
  private faults: GaleraMembership | undefined;

  constructor(options: DatabaseOptions) {
    super(options);
    const { constants, id, replicas, settings, simulator, streams } = options;
    this.stream = streams?.stream(`database/${id}`);
    this.commitMs = constantOf(constants, 'cpu-per-commit');
    this.applyMs = constantOf(constants, 'cpu-per-apply');
    this.latencyMs = constantOf(constants, 'commit-latency');
    this.writeSetBytes = constantOf(constants, 'write-set-size');
    const window = constantOf(constants, 'user-send-window');
    this.appliers = replicas.map(({ cpu }) => new SerialProcessor(simulator, cpu));
    const legs: GroupLegs = {
      messageMs: (from, to, writeSets) => this.messageMs(from, to, writeSets),
      emptyMs: (from, to) => this.emptyMs(from, to),
      deliveryMs: this.latencyMs,
      delivered: (member, writeSets) => this.applyElsewhere(member, writeSets),
    };
    const isSingle = settings?.aggregate === false;
    this.mostPerMessage = isSingle ? 1 : Infinity;
    this.order = new GroupOrder(simulator, replicas.length, window, legs, isSingle);
  }

  /** From now on, commits are followed message by message. */
  get replication(): GaleraReplication {
    this.followed ??= this.newReplication();
    return this.followed;
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
    const read: Continue = () => this.execute(replica, statements, bytes, kind, target, argument);
    this.replication.whenCurrent(replica, read);
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
    if (write) write.outcome = CommitOutcome.committed;
    const keys = access?.sharedKeys ?? 0;
    this.nextKey = keys > 0 && this.stream ? Math.floor(this.stream.uniform() * keys) : NO_KEY;
    super.commit(replica, commits, kind, target, argument, access, write);
  }

  takeRefusal(argument: number): Refusal | undefined {
    return this.lost.delete(argument) ? CONFLICT : undefined;
  }

  protected override newTransaction(): Transaction {
    return new KeyedTransaction(this);
  }

  protected override enter<Target>(
    replica: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): Transaction {
    const transaction = super.enter(replica, kind, target, argument) as KeyedTransaction;
    transaction.key = this.nextKey;
    transaction.beganMs = this.options.simulator.now;
    this.nextKey = NO_KEY;
    return transaction;
  }

  protected override beginCommit(transaction: Transaction): void {
    const { replica, argument, write } = transaction;
    if (!write && !this.followed) {
      this.order.send(replica, ordered, transaction, argument);
      return;
    }
    transaction.retriesLeft = write?.retries ?? 0;
    if (this.faults && !this.faults.isPrimary(replica))
      this.end(transaction, CommitOutcome.refused);
    else this.replication.commit(transaction);
  }

  /** The group has ordered the write set: its own member commits it. */
  compute(transaction: Transaction): void {
    const { replica, argument, key, beganMs } = transaction as KeyedTransaction;
    const { now } = this.options.simulator;
    if (key !== NO_KEY && !this.certification.passes(key, replica, beganMs, now)) {
      this.lost.add(argument);
      this.followed?.committed(transaction);
      this.finish(transaction);
      return;
    }
    this.meters[replica].work(this.commitMs);
    const end = this.followed ? computed : committed;
    this.options.replicas[replica].cpu.submit(this.commitMs, end, transaction, argument);
  }

  /** For its own events. */
  endCommit(transaction: Transaction): void {
    this.followed?.committed(transaction);
    this.nextCommit(transaction);
  }

  private overtaken(transaction: Transaction): void {
    if (transaction.retriesLeft > 0) {
      transaction.retriesLeft--;
      this.replication.commit(transaction);
    } else this.end(transaction, CommitOutcome.conflict);
  }

  private end(transaction: Transaction, outcome: CommitOutcome): void {
    const { write } = transaction;
    // Who does not ask how it ended waits for good, as a client without a time limit.
    if (!write) return;
    write.outcome = outcome;
    this.finish(transaction);
  }

  private refuse(member: number): void {
    for (const transaction of this.replication.abandon(member)) {
      this.end(transaction, CommitOutcome.refused);
    }
  }

  private newReplication(): GaleraReplication {
    const { constants, simulator, replicas } = this.options;
    return new GaleraReplication({
      simulator,
      processors: replicas.map(({ cpu }) => cpu),
      userSendWindow: constantOf(constants, 'user-send-window'),
      sendWindow: constantOf(constants, 'send-window'),
      mostPerMessage: this.mostPerMessage,
      messageMs: constantOf(constants, 'cpu-per-group-message'),
      prepareMs: constantOf(constants, 'cpu-per-message-sent'),
      applyMs: this.applyMs,
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
    });
  }

  private applyElsewhere(writer: number, writeSets: number): void {
    const demandMs = writeSets * this.applyMs;
    for (let other = 0; other < this.appliers.length; other++) {
      if (other === writer) continue;
      this.meters[other].work(demandMs);
      this.appliers[other].compute(demandMs, applied, undefined, other);
    }
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
      for (let b = 0; b < a; b++) widest = Math.max(widest, 2 * this.emptyMs(a, b));
    }
    return widest;
  }
}
