import type { EventKind } from '../../kernel/event-kind.js';
import { constantOf } from '../backend-constants.js';
import type { ServerResult } from '../server-meter.js';
import type { Database } from './database.js';
import { type DatabaseOptions, DatabaseServers } from './database-server.js';

/** One MariaDB server. Constants: models/backends/mariadb.yaml. */
export class MariaDb implements Database {
  readonly id: string;
  readonly backend: string;
  private readonly servers: DatabaseServers;
  private readonly flushMs: number;
  private readonly roundTrips: number;

  /** @throws Error for more than one replica: there is nothing that would keep them alike. */
  constructor(private readonly options: DatabaseOptions) {
    const { constants, replicas } = options;
    if (replicas.length !== 1) {
      throw new Error(
        `database ${options.id} of backend mariadb has ${replicas.length} replicas; it takes 1 (galera takes more)`,
      );
    }
    this.id = options.id;
    this.backend = constants.backend;
    this.servers = new DatabaseServers(options);
    this.flushMs = constantOf(constants, 'flush-per-commit');
    this.roundTrips = constantOf(constants, 'connect-round-trips');
  }

  replicaFor(site: number): number {
    return this.servers.replicaFor(site);
  }

  replicaSite(replica: number): number {
    return this.servers.replicaSite(replica);
  }

  execute<Target>(
    replica: number,
    statements: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    this.servers.execute(replica, statements, kind, target, argument);
  }

  /** Each commit waits for its flush; those of other connections share it (group commit). */
  commit<Target>(
    _replica: number,
    commits: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    this.options.simulator.schedule(commits * this.flushMs, kind, target, argument);
  }

  connectRoundTrips(): number {
    return this.roundTrips;
  }

  resetStatistics(): void {
    this.servers.resetStatistics();
  }

  results(): ServerResult[] {
    return this.servers.results();
  }
}
