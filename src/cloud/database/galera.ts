import { defineEventKind } from '../../kernel/event-kind.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { constantOf } from '../backend-constants.js';
import { BatchWindow } from './batch-window.js';
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
  private readonly windows: BatchWindow[];
  /** One thread a member (wsrep_slave_threads 1). */
  private readonly appliers: SerialProcessor[];
  private readonly commitMs: number;
  private readonly latencyMs: number;
  private readonly applyMs: number;
  private readonly writeSetBytes: number;

  constructor(options: DatabaseOptions) {
    super(options);
    const { constants, replicas, simulator } = options;
    this.commitMs = constantOf(constants, 'cpu-per-commit');
    this.latencyMs = constantOf(constants, 'commit-latency');
    this.applyMs = constantOf(constants, 'cpu-per-apply');
    this.writeSetBytes = constantOf(constants, 'write-set-size');
    const window = constantOf(constants, 'user-send-window');
    this.appliers = replicas.map(({ cpu }) => new SerialProcessor(simulator, cpu));
    this.windows = replicas.map(
      (_, replica) =>
        new BatchWindow(simulator, window, {
          holdMs: () => this.acknowledgedMs(replica),
          doneMs: (count) => this.orderingMs(replica, count) + this.latencyMs,
          batchDone: (count) => this.applyElsewhere(replica, count),
        }),
    );
  }

  protected override beginCommit(transaction: Transaction): void {
    this.windows[transaction.replica].send(ordered, transaction, transaction.argument);
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

  /** Until a member knows that all others have what it sent: its place in the window is free. */
  private acknowledgedMs(from: number): number {
    const { wire, replicas } = this.options;
    let longestMs = 0;
    for (let i = 0; i < replicas.length; i++) {
      if (i === from) continue;
      longestMs = Math.max(longestMs, wire.roundTripMs(replicas[from].site, replicas[i].site));
    }
    return longestMs;
  }

  /**
   * Until a member A knows that each knows that all have its write sets: max over members i, j of
   * owd(A,i) + owd(i,j) + owd(j,A); 1 RTT for two members, 1.5 for more at equal distances.
   */
  private orderingMs(from: number, writeSets: number): number {
    const { wire, replicas, traffic } = this.options;
    const { site } = replicas[from];
    const bytes = writeSets * this.writeSetBytes;
    let longestMs = 0;
    for (let i = 0; i < replicas.length; i++) {
      if (i === from) continue;
      const toMs = wire.transitMs(site, replicas[i].site, bytes, traffic);
      for (let j = 0; j < replicas.length; j++) {
        const betweenMs = i === j ? 0 : wire.roundTripMs(replicas[i].site, replicas[j].site) / 2;
        const backMs = j === from ? 0 : wire.roundTripMs(replicas[j].site, site) / 2;
        longestMs = Math.max(longestMs, toMs + betweenMs + backMs);
      }
    }
    return longestMs;
  }
}
