import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { type BackendConstants, constantOf } from '../backend-constants.js';
import { ServerMeter, type ServerResult } from '../server-meter.js';
import { type Member, nearestMember, type Wire } from '../wire.js';

/** What a database is made of. */
export interface DatabaseOptions {
  readonly id: string;
  readonly constants: BackendConstants;
  readonly simulator: Simulator;
  readonly wire: Wire;
  /** Kind of traffic between replicas. */
  readonly traffic: number;
  readonly replicas: readonly Member[];
}

/** A transaction's statements in service; records are used again. */
class Execution {
  replica = 0;
  kind: EventKind<unknown> | undefined;
  target: unknown;
  argument = 0;

  constructor(readonly servers: DatabaseServers) {}
}

const executed = defineEventKind('database-executed', (execution: Execution) =>
  execution.servers.finish(execution),
);

/**
 * The part that all MariaDB-like backends share: nearest replica, CPU of statements on the cores of
 * the replica's node (a thread for each connection, so cores are shared, not queued for).
 */
export class DatabaseServers {
  readonly meters: ServerMeter[];
  readonly statementMs: number;
  private readonly nearest: number[] = [];
  private readonly idle: Execution[] = [];

  constructor(readonly options: DatabaseOptions) {
    this.meters = options.replicas.map(() => new ServerMeter(options.simulator));
    this.statementMs = constantOf(options.constants, 'cpu-per-statement');
  }

  replicaFor(site: number): number {
    let replica = this.nearest[site];
    if (replica === undefined) {
      replica = nearestMember(this.options.replicas, site, this.options.wire);
      this.nearest[site] = replica;
    }
    return replica;
  }

  replicaSite(replica: number): number {
    return this.options.replicas[replica].site;
  }

  execute<Target>(
    replica: number,
    statements: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const execution = this.idle.pop() ?? new Execution(this);
    execution.replica = replica;
    execution.kind = kind as EventKind<unknown>;
    execution.target = target;
    execution.argument = argument;
    const demandMs = statements * this.statementMs;
    this.meters[replica].came(statements, demandMs);
    this.options.replicas[replica].cpu.submit(demandMs, executed, execution, argument);
  }

  finish(execution: Execution): void {
    const { kind, target, argument } = execution;
    execution.target = undefined;
    this.idle.push(execution);
    this.meters[execution.replica].left();
    kind?.run(target, argument);
  }

  resetStatistics(): void {
    for (const meter of this.meters) meter.reset();
  }

  results(): ServerResult[] {
    const { constants, id, replicas } = this.options;
    return this.meters.map((meter, replica) => {
      const { site, cpu } = replicas[replica];
      return meter.result(`${constants.backend}/${id}`, site, cpu.cores, Number.NaN);
    });
  }
}
