import type { EventKind } from '../../kernel/event-kind.js';
import type { ServerResult } from '../server-meter.js';

/** A logical database: what happens between a statement's arrival at a server and its answer. */
export interface Database {
  readonly id: string;
  readonly backend: string;
  /** The replica that serves clients of a site: the nearest, ties the first. */
  replicaFor(site: number): number;
  replicaSite(replica: number): number;
  /** CPU of `statements` statements of one transaction; the continuation runs when they are done. */
  execute<Target>(
    replica: number,
    statements: number,
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
  /** Round trips of a new connection of the service's client library. */
  connectRoundTrips(): number;
  resetStatistics(): void;
  /** A row for each replica. */
  results(): ServerResult[];
}
