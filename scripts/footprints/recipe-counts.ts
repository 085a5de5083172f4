import type { Step } from '../../src/operations/procedure-schema.js';
import { parseDuration, parseSize } from '../../src/units/index.js';
import type { Footprints } from './load-footprints.js';
import { amountOf, countOf, holds, type RecipeState } from './recipe-state.js';

/** What one service does for an operation: what its CPU is counted by. */
export interface Work {
  requests: number;
  sqlRoundTrips: number;
  rpcSent: number;
  restSent: number;
  /** Of explicit `cpu` steps. */
  cpuMs: number;
}

/** What an operation does, added up over all that it calls. */
export interface RecipeCounts {
  /** Round trips by database. */
  readonly sql: Record<string, number>;
  writeCommits: number;
  /** Requests of services (not the client's) by callee. */
  readonly rest: Record<string, number>;
  rpcCalls: number;
  rpcCasts: number;
  rpcFanouts: number;
  /** Bytes published, replies included, copies of a fanout not. */
  amqpBytes: number;
  sqlBytesSent: number;
  sqlBytesReceived: number;
  readonly work: Record<string, Work>;
}

type Call = { to: string; procedure: string };

function emptyCounts(): RecipeCounts {
  return {
    sql: {},
    writeCommits: 0,
    rest: {},
    rpcCalls: 0,
    rpcCasts: 0,
    rpcFanouts: 0,
    amqpBytes: 0,
    sqlBytesSent: 0,
    sqlBytesReceived: 0,
    work: {},
  };
}

/** Adds up a recipe without running it: one cell, one compute, one consumer of every fanout. */
export class RecipeCounter {
  readonly counts = emptyCounts();

  private constructor(
    private readonly footprints: Footprints,
    private readonly state: RecipeState,
    private readonly operation: string,
  ) {}

  static operation(footprints: Footprints, name: string, state: RecipeState): RecipeCounts {
    const counter = new RecipeCounter(footprints, state, name);
    const operation = footprints.operations.operations[name];
    if (!operation) throw new Error(`no operation ${name}`);
    counter.steps('client', operation.steps, 1, false);
    return counter.counts;
  }

  /** One round of a periodic task. */
  static task(
    footprints: Footprints,
    service: string,
    task: string,
    state: RecipeState,
  ): RecipeCounts {
    const steps = footprints.services.get(service)?.['periodic-tasks']?.[task]?.steps;
    if (!steps) throw new Error(`${service} has no periodic task ${task}`);
    const counter = new RecipeCounter(footprints, state, '');
    counter.steps(service, steps, 1, true);
    return counter.counts;
  }

  private work(service: string): Work {
    const { work } = this.counts;
    work[service] ??= { requests: 0, sqlRoundTrips: 0, rpcSent: 0, restSent: 0, cpuMs: 0 };
    return work[service];
  }

  private procedure({ to, procedure }: Call) {
    const found = this.footprints.services.get(to)?.procedures[procedure];
    if (!found) throw new Error(`${to} has no procedure ${procedure}`);
    return found;
  }

  private bytes(call: Call, part: 'request' | 'reply'): number {
    return amountOf(this.procedure(call)[part], parseSize, this.state);
  }

  private enter(call: Call, times: number, byService: boolean): void {
    this.work(call.to).requests += times;
    this.steps(call.to, this.procedure(call).steps, times, byService);
  }

  private steps(service: string, steps: readonly Step[], times: number, byService: boolean): void {
    for (const step of steps) this.step(service, step, times, byService);
  }

  private step(service: string, step: Step, times: number, byService: boolean): void {
    if ('cpu' in step) {
      this.work(service).cpuMs += times * amountOf(step.cpu, parseDuration, this.state);
    } else if ('sql' in step) this.sql(service, step.sql, times);
    else if ('rest' in step) this.rest(service, step.rest, times);
    else if ('rpc-call' in step) {
      this.counts.rpcCalls += times;
      this.counts.amqpBytes += times * this.bytes(step['rpc-call'], 'reply');
      this.publish(service, step['rpc-call'], times);
    } else if ('rpc-cast' in step) {
      this.counts.rpcCasts += times;
      this.publish(service, step['rpc-cast'], times);
    } else if ('rpc-fanout' in step) {
      this.counts.rpcFanouts += times;
      this.publish(service, step['rpc-fanout'], times);
    } else this.block(service, step, times, byService);
  }

  private sql(service: string, sql: Extract<Step, { sql: unknown }>['sql'], times: number): void {
    const { counts, state } = this;
    const trips = times * countOf(sql['round-trips'], state);
    counts.sql[sql.database] = (counts.sql[sql.database] ?? 0) + trips;
    counts.writeCommits += times * (sql['write-commits'] ?? 0);
    counts.sqlBytesSent += times * amountOf(sql.sent, parseSize, state);
    counts.sqlBytesReceived += times * amountOf(sql.received, parseSize, state);
    this.work(service).sqlRoundTrips += trips;
  }

  private rest(service: string, call: Call, times: number): void {
    const byService = service !== 'client';
    if (byService) {
      this.counts.rest[call.to] = (this.counts.rest[call.to] ?? 0) + times;
      this.work(service).restSent += times;
    }
    const middleware = this.footprints.services.get(call.to)?.['before-each-request'];
    if (middleware) this.steps(call.to, middleware, times, byService);
    this.enter(call, times, byService);
  }

  private publish(service: string, call: Call, times: number): void {
    this.work(service).rpcSent += times;
    this.counts.amqpBytes += times * this.bytes(call, 'request');
    if (this.procedure(call).subscribers !== 'none') this.enter(call, times, true);
  }

  private block(service: string, step: Step, times: number, byService: boolean): void {
    const inside = (steps: readonly Step[], more = 1) =>
      this.steps(service, steps, times * more, byService);
    if ('parallel' in step) for (const branch of step.parallel) inside(branch);
    else if ('each-cell' in step) inside(step['each-cell']);
    else if ('each-host' in step) inside(step['each-host']);
    else if ('spawn' in step) inside(step.spawn);
    else if ('lock' in step) inside(step.lock.steps);
    else if ('repeat' in step) inside(step.repeat.steps, countOf(step.repeat.times, this.state));
    else if ('cache' in step) {
      if (this.state.coldCaches.includes(step.cache.name)) inside(step.cache.miss);
    } else if ('when' in step) {
      const signalled = () => this.state.cacheSavedFirst;
      if (holds(step.when, this.operation, byService, signalled)) inside(step.when.steps);
    }
  }
}

export function sumOf(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((sum, value) => sum + value, 0);
}

/** CPU of a service for some work, ms, by its four constants. */
export function cpuMsOf(footprints: Footprints, service: string, work: Work): number {
  const cpu = footprints.services.get(service)?.cpu;
  if (!cpu) return 0;
  return (
    work.cpuMs +
    work.requests * parseDuration(cpu['per-request']) +
    work.sqlRoundTrips * parseDuration(cpu['per-sql-round-trip']) +
    work.rpcSent * parseDuration(cpu['per-rpc-sent']) +
    work.restSent * parseDuration(cpu['per-rest-sent'])
  );
}
