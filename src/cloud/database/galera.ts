import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import { constantOf } from '../backend-constants.js';
import type { ServerResult } from '../server-meter.js';
import type { Database } from './database.js';
import { type DatabaseOptions, DatabaseServers } from './database-server.js';
import { SendWindow } from './send-window.js';

/** Commits of one connection, one after the other. */
class CommitTrain {
  left = 0;
  replica = 0;
  kind: EventKind<unknown> | undefined;
  target: unknown;
  argument = 0;

  constructor(readonly group: Galera) {}
}

const ordered = defineEventKind('galera-ordered', (train: CommitTrain) => train.group.order(train));
const committed = defineEventKind('galera-committed', (train: CommitTrain) =>
  train.group.next(train),
);
const applied = defineEventKind('galera-applied', (group: Galera, replica: number) =>
  group.applied(replica),
);

/**
 * A Galera group: reads are local, a commit waits until the group has put its write set in order.
 * Constants: models/backends/galera.yaml; equations and limits: docs/models/galera.md.
 */
export class Galera implements Database {
  readonly id: string;
  readonly backend: string;
  private readonly servers: DatabaseServers;
  private readonly windows: SendWindow[];
  private readonly idle: CommitTrain[] = [];
  private readonly localMs: number;
  private readonly applyMs: number;
  private readonly writeSetBytes: number;
  private readonly roundTrips: number;

  constructor(private readonly options: DatabaseOptions) {
    const { constants, replicas, simulator } = options;
    this.id = options.id;
    this.backend = constants.backend;
    this.servers = new DatabaseServers(options);
    this.localMs = constantOf(constants, 'commit-local');
    this.applyMs = constantOf(constants, 'cpu-per-apply');
    this.writeSetBytes = constantOf(constants, 'write-set-size');
    this.roundTrips = constantOf(constants, 'connect-round-trips');
    const window = constantOf(constants, 'user-send-window');
    this.windows = replicas.map(
      (_, replica) => new SendWindow(simulator, window, () => this.orderingMs(replica)),
    );
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

  commit<Target>(
    replica: number,
    commits: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const train = this.idle.pop() ?? new CommitTrain(this);
    train.left = commits;
    train.replica = replica;
    train.kind = kind as EventKind<unknown>;
    train.target = target;
    train.argument = argument;
    this.next(train);
  }

  /** Begins the next commit of a train, or ends it. */
  next(train: CommitTrain): void {
    if (train.left === 0) {
      const { kind, target, argument } = train;
      train.target = undefined;
      this.idle.push(train);
      kind?.run(target, argument);
      return;
    }
    train.left--;
    this.windows[train.replica].send(ordered, train, train.argument);
  }

  /** The group has ordered the write set: the others apply it, this one flushes. */
  order(train: CommitTrain): void {
    const { replicas, simulator } = this.options;
    for (let other = 0; other < replicas.length; other++) {
      if (other === train.replica) continue;
      this.servers.meters[other].came(0, this.applyMs);
      replicas[other].cpu.submit(this.applyMs, applied, this, other);
    }
    simulator.schedule(this.localMs, committed, train, train.argument);
  }

  applied(replica: number): void {
    this.servers.meters[replica].left();
  }

  /**
   * Until every member is known to have the message: max over members i, j of
   * owd(A,i) + owd(i,j) + owd(j,A); 1 RTT for two members, 1.5 for more at equal distances.
   */
  private orderingMs(from: number): number {
    const { wire, replicas, traffic } = this.options;
    const a = replicas[from].site;
    let longestMs = 0;
    for (let i = 0; i < replicas.length; i++) {
      if (i === from) continue;
      const toMs = wire.transitMs(a, replicas[i].site, this.writeSetBytes, traffic);
      for (let j = 0; j < replicas.length; j++) {
        const betweenMs = i === j ? 0 : wire.roundTripMs(replicas[i].site, replicas[j].site) / 2;
        const backMs = j === from ? 0 : wire.roundTripMs(replicas[j].site, a) / 2;
        const ms = toMs + betweenMs + backMs;
        if (ms > longestMs) longestMs = ms;
      }
    }
    return longestMs;
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
