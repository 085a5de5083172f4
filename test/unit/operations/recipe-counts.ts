import type {
  OperationsFile,
  ServiceFootprint,
  Step,
} from '../../../src/operations/procedure-schema.js';
import { parseDuration } from '../../../src/units/index.js';

/** What one operation does, added up over all that it calls. */
export interface RecipeCounts {
  sqlRoundTrips: number;
  writeCommits: number;
  rpcCalls: number;
  rpcCasts: number;
  rpcFanouts: number;
  rest: number;
  /** CPU of services in s, by service. */
  cpuS: Record<string, number>;
}

/** State under which a recipe is counted. */
export interface RecipeState {
  'servers-on-host': number;
  'servers-listed': number;
  /** Whether the network cache of the server was saved before the external event's handler runs. */
  cacheSavedFirst: boolean;
}

/** Counts a recipe statically, with all caches warm. */
export class RecipeCounter {
  readonly counts: RecipeCounts = {
    sqlRoundTrips: 0,
    writeCommits: 0,
    rpcCalls: 0,
    rpcCasts: 0,
    rpcFanouts: 0,
    rest: 0,
    cpuS: {},
  };

  constructor(
    private readonly services: ReadonlyMap<string, ServiceFootprint>,
    private readonly state: RecipeState,
    private readonly operation: string,
  ) {}

  static count(
    services: ReadonlyMap<string, ServiceFootprint>,
    operations: OperationsFile,
    operation: string,
    state: RecipeState,
  ): RecipeCounts {
    const counter = new RecipeCounter(services, state, operation);
    counter.steps('client', operations.operations[operation].steps, 1);
    // The client's own request is not one that a service sends.
    counter.counts.rest -= operations.operations[operation].steps.filter(
      (step) => 'rest' in step,
    ).length;
    return counter.counts;
  }

  private amount(value: unknown, parse: (text: string) => number): number {
    if (value === undefined) return 0;
    if (typeof value === 'number') return value;
    if (typeof value === 'string') return value in this.state ? this.variable(value) : parse(value);
    const { base, each, per } = value as {
      base: string | number;
      each: string | number;
      per: string;
    };
    return this.amount(base, parse) + this.amount(each, parse) * this.variable(per);
  }

  private variable(name: string): number {
    if (name === 'any-server-on-host') return Math.min(1, this.state['servers-on-host']);
    return this.state[name as 'servers-on-host'] ?? 1;
  }

  private cpu(service: string, ms: number, times: number): void {
    this.counts.cpuS[service] = (this.counts.cpuS[service] ?? 0) + (ms * times) / 1000;
  }

  private profile(
    service: string,
    field: 'per-request' | 'per-sql-round-trip' | 'per-rpc-sent' | 'per-rest-sent',
  ): number {
    const footprint = this.services.get(service);
    return footprint ? parseDuration(footprint.cpu[field]) : 0;
  }

  private call(target: { to: string; procedure: string }, times: number): void {
    const footprint = this.services.get(target.to);
    if (!footprint) throw new Error(`no footprint of ${target.to}`);
    this.cpu(target.to, this.profile(target.to, 'per-request'), times);
    this.steps(target.to, footprint.procedures[target.procedure].steps, times);
  }

  steps(service: string, steps: readonly Step[], times: number): void {
    for (const step of steps) this.step(service, step, times);
  }

  private step(service: string, step: Step, times: number): void {
    const { counts } = this;
    if ('cpu' in step) this.cpu(service, this.amount(step.cpu, parseDuration), times);
    else if ('sql' in step) {
      const trips = this.amount(step.sql['round-trips'], Number);
      counts.sqlRoundTrips += trips * times;
      counts.writeCommits += (step.sql['write-commits'] ?? 0) * times;
      this.cpu(service, this.profile(service, 'per-sql-round-trip') * trips, times);
    } else if ('rest' in step) {
      counts.rest += times;
      this.cpu(service, this.profile(service, 'per-rest-sent'), times);
      this.call(step.rest, times);
    } else if ('rpc-call' in step) {
      counts.rpcCalls += times;
      this.rpc(service, step['rpc-call'], times);
    } else if ('rpc-cast' in step) {
      counts.rpcCasts += times;
      this.rpc(service, step['rpc-cast'], times);
    } else if ('rpc-fanout' in step) {
      counts.rpcFanouts += times;
      this.rpc(service, step['rpc-fanout'], times);
    } else this.block(service, step, times);
  }

  private rpc(service: string, target: { to: string; procedure: string }, times: number): void {
    this.cpu(service, this.profile(service, 'per-rpc-sent'), times);
    this.call(target, times);
  }

  private block(service: string, step: Step, times: number): void {
    if ('parallel' in step) for (const branch of step.parallel) this.steps(service, branch, times);
    else if ('each-cell' in step) this.steps(service, step['each-cell'], times);
    else if ('spawn' in step) this.steps(service, step.spawn, times);
    else if ('lock' in step) this.steps(service, step.lock.steps, times);
    else if ('repeat' in step) {
      this.steps(service, step.repeat.steps, times * this.amount(step.repeat.times, Number));
    } else if ('when' in step) {
      const { operation, signal, not, steps } = step.when;
      const holds =
        operation !== undefined
          ? operation === this.operation
          : signal !== undefined && this.state.cacheSavedFirst;
      if (holds !== (not ?? false)) this.steps(service, steps, times);
    }
    // Caches are warm: what a miss would do is left out.
  }
}
