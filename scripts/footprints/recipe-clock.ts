import type { Step } from '../../src/operations/procedure-schema.js';
import type { Footprints } from './load-footprints.js';
import { countOf, holds, type RecipeState } from './recipe-state.js';

/** What stands on the far side of the WAN. */
export interface Remote {
  readonly services?: readonly string[];
  readonly databases?: readonly string[];
  readonly client?: boolean;
}

/** What a thread waits for: so many round trips, or somebody who calls `resume`. */
type Wait = number | { until(resume: () => void): boolean };
type Thread = Generator<Wait, void, void>;
type Call = { to: string; procedure: string };

interface Place {
  /** Service or `client`. */
  readonly service: string;
  readonly byService: boolean;
}

/**
 * Reads a recipe where the WAN between two sites is all that takes time, in round trips: so much
 * longer does an operation take for each ms of RTT. Threads run in the order of their times, so
 * locks and signals decide as they do in the cloud. Caches are warm, connections open (but those
 * that a server closes after each answer), one operation at a time, the broker at home.
 */
export class RecipeClock {
  private now = 0;
  private sequence = 0;
  private readonly pending: { time: number; sequence: number; thread: Thread }[] = [];
  private readonly lockQueues = new Map<string, (() => void)[]>();
  private readonly signals = new Set<string>();
  private readonly waiters = new Map<string, (() => void)[]>();
  private readonly reached = new Map<string, number>();

  private constructor(
    private readonly footprints: Footprints,
    private readonly remote: Remote,
    private readonly state: RecipeState,
    private readonly operation: string,
  ) {}

  /** Round trips until each milestone of an operation; `done` where it has none. */
  static roundTrips(
    footprints: Footprints,
    operation: string,
    remote: Remote,
    state: RecipeState,
  ): ReadonlyMap<string, number> {
    const clock = new RecipeClock(footprints, remote, state, operation);
    const { steps } = footprints.operations.operations[operation];
    clock.start(clock.client(steps));
    clock.run();
    return clock.reached;
  }

  private *client(steps: readonly Step[]): Thread {
    yield* this.steps(steps, { service: 'client', byService: false });
    this.reached.set('done', this.now);
  }

  private start(thread: Thread): void {
    this.pending.push({ time: this.now, sequence: this.sequence++, thread });
  }

  private run(): void {
    for (;;) {
      this.pending.sort((a, b) => a.time - b.time || a.sequence - b.sequence);
      const next = this.pending.shift();
      if (!next) return;
      this.now = next.time;
      this.advance(next.thread);
    }
  }

  private advance(thread: Thread): void {
    for (;;) {
      const { done, value } = thread.next();
      if (done) return;
      if (typeof value === 'number') {
        if (value === 0) continue;
        this.pending.push({ time: this.now + value, sequence: this.sequence++, thread });
        return;
      }
      if (!value.until(() => this.start(thread))) return;
    }
  }

  private isRemote(service: string): boolean {
    if (service === 'client') return this.remote.client ?? false;
    return this.remote.services?.includes(service) ?? false;
  }

  private oneWay(from: boolean, to: boolean): number {
    return from === to ? 0 : 0.5;
  }

  private *steps(steps: readonly Step[], at: Place): Thread {
    for (const step of steps) yield* this.step(step, at);
  }

  private *step(step: Step, at: Place): Thread {
    if ('sql' in step) {
      const far = this.remote.databases?.includes(step.sql.database) ?? false;
      yield 2 * this.oneWay(this.isRemote(at.service), far) * this.trips(step.sql['round-trips']);
    } else if ('rest' in step) yield* this.rest(step.rest, at);
    else if ('rpc-call' in step) yield* this.call(step['rpc-call'], at);
    else if ('rpc-cast' in step) yield* this.send(step['rpc-cast'], at);
    else if ('rpc-fanout' in step) yield* this.send(step['rpc-fanout'], at);
    else if ('parallel' in step) yield* this.parallel(step.parallel, at);
    else if ('spawn' in step) this.start(this.steps(step.spawn, at));
    else if ('lock' in step) yield* this.lock(step.lock, at);
    else if ('milestone' in step) this.reached.set(step.milestone, this.now);
    else if ('signal' in step) this.signal(step.signal);
    else if ('wait-for' in step) yield this.waitFor(step['wait-for']);
    else yield* this.block(step, at);
  }

  private *block(step: Step, at: Place): Thread {
    if ('each-cell' in step) yield* this.steps(step['each-cell'], at);
    else if ('each-host' in step) yield* this.steps(step['each-host'], at);
    else if ('repeat' in step) {
      const times = this.trips(step.repeat.times);
      for (let turn = 0; turn < times; turn++) yield* this.steps(step.repeat.steps, at);
    } else if ('when' in step) {
      const signalled = (signal: string) => this.signals.has(signal);
      if (holds(step.when, this.operation, at.byService, signalled))
        yield* this.steps(step.when.steps, at);
    } else if ('cache' in step && this.state.coldCaches.includes(step.cache.name)) {
      yield* this.steps(step.cache.miss, at);
    }
  }

  private trips(count: Parameters<typeof countOf>[0]): number {
    return countOf(count, this.state);
  }

  private *procedure({ to, procedure }: Call, byService: boolean): Thread {
    yield* this.steps(this.footprints.services.get(to)!.procedures[procedure].steps, {
      service: to,
      byService,
    });
  }

  private *rest(call: Call, at: Place): Thread {
    const way = this.oneWay(this.isRemote(at.service), this.isRemote(call.to));
    const footprint = this.footprints.services.get(call.to)!;
    const byService = at.service !== 'client';
    yield footprint.server['keep-alive'] ? way : 3 * way;
    yield* this.steps(footprint['before-each-request'] ?? [], { service: call.to, byService });
    yield* this.procedure(call, byService);
    yield way;
  }

  private *call(call: Call, at: Place): Thread {
    const up = this.oneWay(this.isRemote(at.service), false);
    const down = this.oneWay(false, this.isRemote(call.to));
    yield up + down;
    yield* this.procedure(call, true);
    yield up + down;
  }

  private *send(call: Call, at: Place): Thread {
    const up = this.oneWay(this.isRemote(at.service), false);
    yield up;
    const unheard = this.footprints.services.get(call.to)!.procedures[call.procedure].subscribers;
    if (unheard !== 'none') this.start(this.message(call));
    yield up;
  }

  private *message(call: Call): Thread {
    yield this.oneWay(false, this.isRemote(call.to));
    yield* this.procedure(call, true);
  }

  private *parallel(branches: readonly (readonly Step[])[], at: Place): Thread {
    let left = branches.length;
    let whenAllAreDone: () => void = () => {};
    const joined = function* (this: RecipeClock, branch: readonly Step[]): Thread {
      yield* this.steps(branch, at);
      left--;
      if (left === 0) whenAllAreDone();
    };
    for (const branch of branches) this.start(joined.call(this, branch));
    yield {
      until: (resume) => {
        whenAllAreDone = resume;
        return left === 0;
      },
    };
  }

  private *lock({ name, steps }: Extract<Step, { lock: unknown }>['lock'], at: Place): Thread {
    const queue = this.lockQueues.get(name);
    if (queue) yield { until: (resume) => queue.push(resume) === 0 };
    else this.lockQueues.set(name, []);
    yield* this.steps(steps, at);
    const next = this.lockQueues.get(name)!.shift();
    if (next) next();
    else this.lockQueues.delete(name);
  }

  private signal(name: string): void {
    this.signals.add(name);
    for (const resume of this.waiters.get(name) ?? []) resume();
    this.waiters.delete(name);
  }

  private waitFor(name: string): Wait {
    return {
      until: (resume) => {
        if (this.signals.has(name)) return true;
        this.waiters.set(name, [...(this.waiters.get(name) ?? []), resume]);
        return false;
      },
    };
  }
}
