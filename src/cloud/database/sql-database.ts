import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { RandomStreams } from '../../random/index.js';
import { LockTable } from '../../resources/lock.js';
import { type BackendConstants, constantOf } from '../backend-constants.js';
import { ServerMeter, type ServerResult } from '../server-meter.js';
import { type Member, nearestMember, type Wire } from '../wire.js';
import type { Database, TableAccess } from './database.js';
import type { RowWrite } from './row-write.js';

/** What a database is made of. */
export interface DatabaseOptions {
  readonly id: string;
  readonly constants: BackendConstants;
  readonly simulator: Simulator;
  readonly wire: Wire;
  /** Kind of traffic between replicas. */
  readonly traffic: number;
  readonly replicas: readonly Member[];
  /** Kind of traffic between clients and replicas, for a backend that carries it itself. */
  readonly clientTraffic?: number;
  /** As the deployment sets them. */
  readonly settings?: Readonly<Record<string, number | boolean | string>>;
  /** For backends that draw lots; without them nothing is random. */
  readonly streams?: RandomStreams;
}

/** A transaction at a server: its statements in service, or its commits still to make. */
export class Transaction {
  replica = 0;
  commitsLeft = 0;
  kind: EventKind<unknown> | undefined;
  target: unknown;
  argument = 0;
  /** Set where it writes a row that others write too. */
  write: RowWrite | undefined;
  /** Times that the server itself may still begin it again. */
  retriesLeft = 0;

  constructor(readonly database: SqlDatabase) {}
}

/** The continuation of a statement's last part. */
export const executed = defineEventKind('database-executed', (transaction: Transaction) =>
  transaction.database.finish(transaction),
);
/** The continuation of `beginCommit`. */
export const committed = defineEventKind('database-committed', (transaction: Transaction) =>
  transaction.database.nextCommit(transaction),
);
const rowLocked = defineEventKind('database-row-locked', (transaction: Transaction) =>
  transaction.database.nextCommit(transaction),
);
const connected = defineEventKind('database-connected', () => {});

/**
 * What MariaDB and Galera share: nearest replica, connections, and the CPU of statements on the
 * cores of the replica's node (a thread for each connection, so cores are shared, not queued for).
 * How a commit goes is for the heirs.
 */
export abstract class SqlDatabase implements Database {
  readonly id: string;
  readonly backend: string;
  protected readonly meters: ServerMeter[];
  protected readonly perStatementMs: number;
  protected readonly perByteMs: number;
  private readonly perSetUpMs: number;
  private readonly connectionLimit: number;
  private readonly setUpRoundTrips: number;
  private readonly baseBytes: number;
  /** Share of a core that a replica takes while nothing happens. */
  private readonly idleShare: number;
  private readonly connectionBytes: number;
  private readonly nearest: number[] = [];
  private readonly idle: Transaction[] = [];
  private readonly rowLocks: LockTable;

  constructor(protected readonly options: DatabaseOptions) {
    const { constants, simulator, replicas } = options;
    this.id = options.id;
    this.backend = constants.backend;
    this.rowLocks = new LockTable(simulator);
    this.meters = replicas.map(() => new ServerMeter(simulator));
    this.perStatementMs = constantOf(constants, 'cpu-per-statement');
    this.perByteMs = constantOf(constants, 'cpu-per-kilobyte') / 1000;
    this.perSetUpMs = constantOf(constants, 'cpu-per-connection-setup');
    this.connectionLimit = constants.constants['connection-limit']?.value ?? Infinity;
    this.setUpRoundTrips = constantOf(constants, 'connect-round-trips');
    this.idleShare = (constants.constants['cpu-idle']?.value ?? 0) / 1e3;
    this.baseBytes = constantOf(constants, 'memory-base') * 2 ** 20;
    this.connectionBytes = constantOf(constants, 'memory-per-connection') * 2 ** 10;
  }

  /** Begins one commit; it goes on with `committed` for the transaction. */
  protected abstract beginCommit(transaction: Transaction): void;

  replicaFor(site: number, _writes?: boolean): number {
    let replica = this.nearest[site];
    if (replica === undefined) {
      replica = nearestMember(this.options.replicas, site, this.options.wire);
      this.nearest[site] = replica;
    }
    return replica;
  }

  /** Rows that are locked where the backend locks them for all replicas at once. */
  get lockedRows(): number {
    return this.rowLocks.held;
  }

  replicaSite(replica: number): number {
    return this.options.replicas[replica].site;
  }

  connectRoundTrips(): number {
    return this.setUpRoundTrips;
  }

  isFull(replica: number): boolean {
    return this.meters[replica].connections >= this.connectionLimit;
  }

  openConnections(replica: number, change: number): void {
    const meter = this.meters[replica];
    meter.connections += change;
    if (change <= 0) return;
    const demandMs = change * this.perSetUpMs;
    meter.work(demandMs);
    this.options.replicas[replica].cpu.submit(demandMs, connected, undefined, replica);
  }

  execute<Target>(
    replica: number,
    statements: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const transaction = this.enter(replica, kind, target, argument);
    const demandMs = statements * this.perStatementMs + bytes * this.perByteMs;
    this.meters[replica].came(statements, demandMs);
    this.options.replicas[replica].cpu.submit(demandMs, executed, transaction, argument);
  }

  /** First come, first served, until the commit. */
  lockRow<Target>(
    _replica: number,
    write: RowWrite,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): boolean {
    if (write.isLocked || write.row < 0) return true;
    write.isLocked = true;
    return this.rowLocks.acquire(write.row, kind, target, argument);
  }

  unlockRow(_replica: number, write: RowWrite): void {
    if (!write.isLocked) return;
    write.isLocked = false;
    this.rowLocks.release(write.row);
  }

  commit<Target>(
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
    if (write && !this.lockRow(replica, write, rowLocked, transaction, argument)) return;
    this.nextCommit(transaction);
  }

  /** Begins the next commit of a transaction, or ends it. */
  nextCommit(transaction: Transaction): void {
    if (transaction.commitsLeft-- > 0) this.beginCommit(transaction);
    else this.finish(transaction);
  }

  finish(transaction: Transaction): void {
    const { kind, target, argument, replica, write } = transaction;
    if (write) this.unlockRow(replica, write);
    this.recycle(transaction);
    this.meters[transaction.replica].left();
    kind?.run(target, argument);
  }

  /** A transaction that is over. */
  protected recycle(transaction: Transaction): void {
    transaction.target = undefined;
    transaction.write = undefined;
    this.idle.push(transaction);
  }

  resetStatistics(): void {
    for (const meter of this.meters) meter.reset();
  }

  results(): ServerResult[] {
    const { replicas } = this.options;
    return this.meters.map((meter, replica) => {
      const { site, cpu } = replicas[replica];
      const memoryBytes = this.baseBytes + meter.connections * this.connectionBytes;
      const idleMs = meter.spanMs * this.idleShare;
      return meter.result(`${this.backend}/${this.id}`, site, cpu.cores, memoryBytes, idleMs);
    });
  }

  /** For heirs whose transactions know more. */
  protected newTransaction(): Transaction {
    return new Transaction(this);
  }

  protected enter<Target>(
    replica: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): Transaction {
    const transaction = this.idle.pop() ?? this.newTransaction();
    transaction.replica = replica;
    transaction.kind = kind as EventKind<unknown>;
    transaction.target = target;
    transaction.argument = argument;
    return transaction;
  }
}
