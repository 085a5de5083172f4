import type { EventKind } from './event-kind.js';
import { defineEventKind } from './event-kind.js';
import { Signal, type Wait } from './signal.js';
import type { EventHandle, Simulator } from './simulator.js';

/** What a process may yield: a delay in milliseconds, or something to wait for. */
export type Yieldable = number | Wait;

/** The life of a process: a generator that yields each time it waits. */
export type ProcessBody = Generator<Yieldable, void, void>;

/**
 * Waits for simulated time to pass: `yield delay(5)`.
 * @returns the delay itself, so that waiting allocates nothing.
 */
export function delay(delayMs: number): number {
  return delayMs;
}

/**
 * Waits for a signal, for the end of a process, or for a condition: with `condition`, the process
 * goes on at once if it holds, else it looks again each time the signal fires.
 *
 * @example
 * yield waitFor(delivered);
 * yield waitFor(changed, () => shelf.length > 0);
 */
export function waitFor(signal: Wait, condition?: () => boolean): Wait {
  if (!condition) return signal;
  return {
    begin: (kind, target, argument) => signal.begin(kind, target, argument),
    abandon: (target, argument) => signal.abandon?.(target, argument),
    isSatisfied: condition,
  };
}

/** Any queueing station with this method: it serves, then runs the continuation. */
export interface ServingStation {
  submit<Target>(
    serviceMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): unknown;
}

/**
 * Queues at a station and waits until served. An interruption ends the waiting, not the service:
 * the station goes on with the work that nobody waits for any more.
 *
 * @example
 * yield queueAt(cashier, 12);
 */
export function queueAt(station: ServingStation, serviceMs: number): Wait {
  return {
    begin(kind, target, argument) {
      station.submit(serviceMs, kind, target, argument);
    },
  };
}

/** Thrown inside a process by `interrupt`, at the place where it waits. */
export class Interruption extends Error {
  override name = 'Interruption';

  constructor(override readonly cause: unknown) {
    super(`interrupted: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Waits a process may begin before its tokens repeat; a stale continuation is not that old. */
const WAIT_LIMIT = 2 ** 21;

/**
 * An activity written as a generator, for teaching and for user code; it costs about twice what
 * events of its own kind cost. An error that it does not catch ends the run.
 *
 * @example
 * function* customer(shop: Shop): ProcessBody {
 *   yield delay(3);
 *   yield queueAt(shop.cashier, 12);
 *   shop.served++;
 * }
 * startProcess(simulator, customer(shop));
 */
export class Process implements Wait {
  /** 1, 2, 3... in order of creation in its simulator. */
  readonly number: number;
  /** True until the generator returns or throws. */
  isAlive = true;
  private waitCount = 0;
  private wait: Wait | undefined;
  private timer: EventHandle = 0;
  private causes: unknown[] | undefined;
  private ended: Signal | undefined;

  constructor(
    private readonly simulator: Simulator,
    private readonly body: ProcessBody,
  ) {
    this.number = ++simulator.processCount;
  }

  /** Process and wait in one number: it enters the fingerprint, and tells stale wakings apart. */
  private get token(): number {
    return this.number * WAIT_LIMIT + this.waitCount;
  }

  /** A process is something to wait for: its end. */
  begin<Target>(kind: EventKind<Target>, target: Target, argument: number): void {
    this.ended ??= new Signal(this.simulator);
    this.ended.begin(kind, target, argument);
  }

  abandon(target: unknown, argument: number): void {
    this.ended?.abandon(target, argument);
  }

  isSatisfied(): boolean {
    return !this.isAlive;
  }

  /**
   * Throws an `Interruption` with this cause inside the process, at the present time, after the
   * events already scheduled for it. What the process waited for no longer wakes it.
   * @returns false if the process has ended.
   */
  interrupt(cause: unknown): boolean {
    if (!this.isAlive) return false;
    this.leaveWait();
    this.causes ??= [];
    this.causes.push(cause);
    this.simulator.schedule(0, interruptProcess, this, this.token);
    return true;
  }

  /** Runs the body for the first time; `startProcess` schedules it. */
  start(delayMs: number): void {
    this.timer = this.simulator.schedule(delayMs, wakeProcess, this, this.token);
  }

  /** @internal */
  wake(token: number): void {
    if (token !== this.token || !this.isAlive) return;
    const wait = this.wait;
    this.timer = 0;
    if (wait?.isSatisfied && !wait.isSatisfied()) {
      this.beginWait(wait);
      return;
    }
    this.wait = undefined;
    this.resume();
  }

  /** @internal */
  throwInside(): void {
    if (!this.isAlive) return;
    this.leaveWait();
    this.resume(new Interruption(this.causes?.shift()));
  }

  /** Runs the body up to its next wait or its end. */
  private resume(interruption?: Interruption): void {
    try {
      let result = interruption ? this.body.throw(interruption) : this.body.next();
      while (!result.done) {
        const next = result.value;
        if (typeof next === 'number') {
          this.waitCount = (this.waitCount + 1) % WAIT_LIMIT;
          this.timer = this.simulator.schedule(next, wakeProcess, this, this.token);
          return;
        }
        if (!next.isSatisfied?.()) {
          this.beginWait(next);
          return;
        }
        result = this.body.next();
      }
    } catch (error) {
      this.end();
      throw error;
    }
    this.end();
  }

  private beginWait(wait: Wait): void {
    this.waitCount = (this.waitCount + 1) % WAIT_LIMIT;
    this.wait = wait;
    wait.begin(wakeProcess, this, this.token);
  }

  private leaveWait(): void {
    if (this.timer !== 0) this.simulator.cancel(this.timer);
    this.wait?.abandon?.(this, this.token);
    this.timer = 0;
    this.wait = undefined;
    this.waitCount = (this.waitCount + 1) % WAIT_LIMIT;
  }

  private end(): void {
    this.isAlive = false;
    this.ended?.fire();
  }
}

const wakeProcess = defineEventKind('process-wake', (process: Process, token: number) =>
  process.wake(token),
);

const interruptProcess = defineEventKind('process-interrupt', (process: Process) =>
  process.throwInside(),
);

/**
 * Starts a process after a delay in milliseconds, default now: its body runs up to its first wait
 * when the events already scheduled for that time have fired.
 */
export function startProcess(simulator: Simulator, body: ProcessBody, delayMs = 0): Process {
  const process = new Process(simulator, body);
  process.start(delayMs);
  return process;
}
