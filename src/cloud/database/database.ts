import type { EventKind } from '../../kernel/event-kind.js';
import type { ServerResult } from '../server-meter.js';
import type { RowWrite } from './row-write.js';

/** What a client library does with the SQL round trips of one checkout. */
export interface ClientExchange {
  /** Where the client is. */
  readonly site: number;
  /** Hash slot of the table; see `keySlot`. */
  readonly slot: number;
  /** As an SQL client would make them: ping, statements, COMMIT and ROLLBACK. */
  readonly roundTrips: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Rows of other tables that an SQL statement joins. */
  readonly relations: number;
  /** Rows that a filter goes through where no index of a key/value store helps. */
  readonly scannedRows: number;
}

/**
 * A client library that itself goes to several servers, one exchange after the other, where an SQL
 * client sends a train of statements to its nearest replica (`execute`, `commit`).
 */
export interface DatabaseClient {
  /**
   * The reads of a checkout: wire and servers. False where a server cannot be reached; then the
   * continuation never runs.
   */
  fetch<Target>(
    exchange: ClientExchange,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): boolean;
  /**
   * Locks, writes and unlocks for so many transactions, one after the other.
   * @param rows numbers of the rows that others write too
   */
  store<Target>(
    exchange: ClientExchange,
    commits: number,
    rows: readonly number[],
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): boolean;
  /** CPU of the library in the process that uses it, in ms. */
  libraryMs(exchange: ClientExchange): number;
}

/** What a transaction does to tables, for databases that keep them in ranges. */
export interface TableAccess {
  /** Index of the table among those that the release names. */
  readonly table: number;
  /** Requests that read, one after the other; undefined: the footprint does not say. */
  readonly reads: number | undefined;
  /** Statements that write, each replicated before the next. */
  readonly writes: number;
  /** True: it conflicts with every other such transaction on the table. */
  readonly contended: boolean;
  /** True: its reads go over the whole table. */
  readonly scan: boolean;
}

/** Why a transaction failed. */
export interface Refusal {
  readonly reason: string;
  /** True: the service knows the error and begins the transaction again (oslo.db, deadlock). */
  readonly isRetried: boolean;
}

/** A logical database: what happens between a statement's arrival at a server and its answer. */
export interface Database {
  readonly id: string;
  readonly backend: string;
  /**
   * The replica that serves clients of a site: the nearest, ties the first; where only some take
   * writes, the one for a transaction that does.
   */
  replicaFor(site: number, writes?: boolean): number;
  replicaSite(replica: number): number;
  /** Round trips of a new connection of the service's client library. */
  connectRoundTrips(): number;
  /** Set where the client library goes to the servers itself: then nobody calls `execute` or `commit`. */
  readonly client?: DatabaseClient;
  /** True where a server takes no more connections; absent: it always does. */
  isFull?(replica: number): boolean;
  /** `change` connections were opened (closed, if negative): memory, and CPU for each set-up. */
  openConnections(replica: number, change: number): void;
  /**
   * CPU of `statements` statements of one transaction that return `bytes`; the continuation runs
   * when they are done. `access` is for databases that keep tables in ranges.
   */
  execute<Target>(
    replica: number,
    statements: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
    access?: TableAccess,
  ): void;
  /**
   * Locks a row at a replica before the commit, as SELECT ... FOR UPDATE does. True: at once. False:
   * the continuation runs when it is locked, or when the transaction has lost it (`takeRefusal`).
   * Absent: nothing is locked before the commit.
   */
  lockRow?<Target>(
    replica: number,
    write: RowWrite,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): boolean;
  /** A transaction that will not commit gives back the row that it locked. */
  unlockRow?(replica: number, write: RowWrite): void;
  /**
   * Commits so many transactions that wrote, one after the other. A row that others write too is
   * locked unless it is already, and given back in the end.
   */
  commit<Target>(
    replica: number,
    commits: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
    access?: TableAccess,
    write?: RowWrite,
  ): void;
  /**
   * Why the statements or commits that have just ended for this argument failed, for backends whose
   * transactions can; asked once after each.
   */
  takeRefusal?(argument: number): Refusal | undefined;
  /** Some links went up or down, all at once. */
  networkChanged?(): void;
  resetStatistics(): void;
  /** A row for each replica. */
  results(): ServerResult[];
}
