import { defineEventKind } from '../../kernel/event-kind.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { constantOf } from '../backend-constants.js';
import { type GroupLegs, GroupOrder } from './group-order.js';
import { committed, type DatabaseOptions, SqlDatabase, type Transaction } from './sql-database.js';

const ordered = defineEventKind('galera-ordered', (transaction: Transaction) =>
  (transaction.database as Galera).certify(transaction),
);
const applied = defineEventKind('galera-applied', () => {});

/**
 * A Galera group: reads are local, a commit waits until the group has put its write set in order.
 * Constants: models/backends/galera.yaml; equations and limits: docs/models/galera.md.
 */
export class Galera extends SqlDatabase {
  private readonly group: GroupOrder;
  /** One thread a member (wsrep_slave_threads 1). */
  private readonly appliers: SerialProcessor[];
  private readonly commitMs: number;
  private readonly applyMs: number;
  private readonly writeSetBytes: number;

  constructor(options: DatabaseOptions) {
    super(options);
    const { constants, replicas, settings, simulator } = options;
    this.commitMs = constantOf(constants, 'cpu-per-commit');
    this.applyMs = constantOf(constants, 'cpu-per-apply');
    this.writeSetBytes = constantOf(constants, 'write-set-size');
    const window = constantOf(constants, 'user-send-window');
    this.appliers = replicas.map(({ cpu }) => new SerialProcessor(simulator, cpu));
    const legs: GroupLegs = {
      messageMs: (from, to, writeSets) => this.messageMs(from, to, writeSets),
      emptyMs: (from, to) => this.emptyMs(from, to),
      deliveryMs: constantOf(constants, 'commit-latency'),
      delivered: (member, writeSets) => this.applyElsewhere(member, writeSets),
    };
    const isSingle = settings?.aggregate === false;
    this.group = new GroupOrder(simulator, replicas.length, window, legs, isSingle);
  }

  protected override beginCommit(transaction: Transaction): void {
    this.group.send(transaction.replica, ordered, transaction, transaction.argument);
  }

  /** The group has ordered the write set: its own member certifies and commits it. */
  certify(transaction: Transaction): void {
    const { replica, argument } = transaction;
    this.meters[replica].work(this.commitMs);
    this.options.replicas[replica].cpu.submit(this.commitMs, committed, transaction, argument);
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
}
