import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { constantOf } from '../backend-constants.js';
import type { ServerResult } from '../server-meter.js';
import { GroupCommit } from './group-commit.js';
import { type DatabaseOptions, SqlDatabase, type Transaction } from './sql-database.js';

/** Position of the server that takes the writes. */
const WRITER = 0;

const logged = defineEventKind('mariadb-replicas-logged', (transaction: Transaction) =>
  (transaction.database as MariaDbReplicas).ship(transaction),
);
const arrived = defineEventKind('mariadb-replicas-arrived', (reader: Reader) => reader.apply());
const appliedAt = defineEventKind('mariadb-replicas-applied', (reader: Reader) => reader.done());

/** A server that follows the writer's log: one applier thread, in the order of the log. */
class Reader {
  /** When each transaction that is not applied yet was committed at the writer, oldest first. */
  private readonly committedMs: number[] = [];
  reads = 0;
  staleReads = 0;
  private applied = 0;
  private lagMs = 0;

  constructor(
    private readonly database: MariaDbReplicas,
    private readonly position: number,
    private readonly applier: SerialProcessor,
  ) {}

  /** True while the writer knows more. */
  get isBehind(): boolean {
    return this.committedMs.length > 0;
  }

  committed(nowMs: number): void {
    this.committedMs.push(nowMs);
  }

  apply(): void {
    const demandMs = this.database.startApply(this.position);
    this.applier.compute(demandMs, appliedAt, this, this.position);
  }

  done(): void {
    const committedMs = this.committedMs.shift() as number;
    this.applied++;
    this.lagMs += this.database.nowMs - committedMs;
  }

  reset(): void {
    this.reads = 0;
    this.staleReads = 0;
    this.applied = 0;
    this.lagMs = 0;
  }

  get meanLagMs(): number {
    return this.applied === 0 ? Number.NaN : this.lagMs / this.applied;
  }
}

/**
 * One MariaDB that takes the writes, at the first place, and others that follow its log
 * asynchronously and serve reads: a checkout that commits goes to the writer, every other to the
 * nearest. Nobody waits for a follower, so a read there may miss what was committed; how often, the
 * results say. Constants: models/backends/mariadb-replicas.yaml; card: docs/models/mariadb.md.
 */
export class MariaDbReplicas extends SqlDatabase {
  private readonly log: GroupCommit;
  private readonly applyMs: number;
  private readonly eventBytes: number;
  private readonly readers: readonly (Reader | undefined)[];

  constructor(options: DatabaseOptions) {
    super(options);
    const { constants, simulator, replicas } = options;
    this.log = new GroupCommit(simulator, constantOf(constants, 'flush-per-commit'));
    this.applyMs = constantOf(constants, 'cpu-per-apply');
    this.eventBytes = constantOf(constants, 'log-event-size');
    this.readers = replicas.map(({ cpu }, position) =>
      position === WRITER
        ? undefined
        : new Reader(this, position, new SerialProcessor(simulator, cpu)),
    );
  }

  get nowMs(): number {
    return this.options.simulator.now;
  }

  override replicaFor(site: number, writes = false): number {
    return writes ? WRITER : super.replicaFor(site);
  }

  override execute<Target>(
    replica: number,
    statements: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const reader = this.readers[replica];
    if (reader) {
      reader.reads++;
      if (reader.isBehind) reader.staleReads++;
    }
    super.execute(replica, statements, bytes, kind, target, argument);
  }

  protected override beginCommit(transaction: Transaction): void {
    this.log.send(logged, transaction, transaction.argument);
  }

  /** The writer has it; its log goes to the others. */
  ship(transaction: Transaction): void {
    const { simulator, wire, replicas, traffic } = this.options;
    const { site } = replicas[WRITER];
    for (let position = 0; position < replicas.length; position++) {
      const reader = this.readers[position];
      if (!reader) continue;
      reader.committed(simulator.now);
      const wayMs = wire.transitMs(site, replicas[position].site, this.eventBytes, traffic);
      // Cut off, it stays behind until the run's end.
      if (wayMs < Infinity) simulator.schedule(wayMs, arrived, reader, position);
    }
    this.nextCommit(transaction);
  }

  /** Accounts the CPU of one transaction of the log, in ms, and returns it. */
  startApply(position: number): number {
    this.meters[position].work(this.applyMs);
    return this.applyMs;
  }

  override resetStatistics(): void {
    super.resetStatistics();
    for (const reader of this.readers) reader?.reset();
  }

  override results(): ServerResult[] {
    return super.results().map((result, position) => {
      const reader = this.readers[position];
      if (!reader) return result;
      const staleReadShare = reader.reads === 0 ? 0 : reader.staleReads / reader.reads;
      return { ...result, staleReadShare, replicationLagMs: reader.meanLagMs };
    });
  }
}
