import type { EventKind } from '../../kernel/event-kind.js';
import type { ServerResult } from '../server-meter.js';

/** A logical database: what happens between a statement's arrival at a server and its answer. */
export interface Database {
  readonly id: string;
  readonly backend: string;
  /** The replica that serves clients of a site: the nearest, ties the first. */
  replicaFor(site: number): number;
  replicaSite(replica: number): number;
  /** Round trips of a new connection of the service's client library. */
  connectRoundTrips(): number;
  /** `change` connections were opened (closed, if negative): memory, and CPU for each set-up. */
  openConnections(replica: number, change: number): void;
  /**
   * CPU of `statements` statements of one transaction that return `bytes`; the continuation runs
   * when they are done.
   */
  execute<Target>(
    replica: number,
    statements: number,
    bytes: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void;
  /** Commits so many transactions that wrote, one after the other. */
  commit<Target>(
    replica: number,
    commits: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void;
  resetStatistics(): void;
  /** A row for each replica. */
  results(): ServerResult[];
}
