import type { EventKind } from './event-kind.js';
import { defineEventKind } from './event-kind.js';
import type { Simulator } from './simulator.js';

/**
 * Something to wait for: `begin` takes a continuation, which is to run once, later, as an event.
 * A station, a lock or a signal becomes one by passing the continuation on.
 */
export interface Wait {
  begin<Target>(kind: EventKind<Target>, target: Target, argument: number): void;
  /** Forgets a continuation given to `begin`; where it cannot, the continuation comes to nothing. */
  abandon?(target: unknown, argument: number): void;
  /** True where there is nothing (more) to wait for; asked before waiting and after each waking. */
  isSatisfied?(): boolean;
}

interface Waiter {
  kind: EventKind<unknown>;
  target: unknown;
  argument: number;
}

/**
 * Wakes whoever waits for it, in order of arrival, at the present time. It does not remember: who
 * begins to wait after `fire` waits for the next one.
 *
 * @example
 * const delivered = new Signal(simulator);
 * // in a process: yield waitFor(delivered);
 * delivered.fire();
 */
export class Signal implements Wait {
  private waiters: Waiter[] = [];

  constructor(private readonly simulator: Simulator) {}

  get waitingCount(): number {
    return this.waiters.length;
  }

  begin<Target>(kind: EventKind<Target>, target: Target, argument: number): void {
    this.waiters.push({ kind: kind as EventKind<unknown>, target, argument });
  }

  abandon(target: unknown, argument: number): void {
    const index = this.waiters.findIndex((w) => w.target === target && w.argument === argument);
    if (index >= 0) this.waiters.splice(index, 1);
  }

  /** Schedules every waiter's continuation for the present time. */
  fire(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const { kind, target, argument } of waiters) {
      this.simulator.schedule(0, kind, target, argument);
    }
  }

  /** Has the signal fire after a delay in milliseconds. */
  fireAfter(delayMs: number): void {
    this.simulator.schedule(delayMs, fireSignal, this);
  }
}

const fireSignal = defineEventKind('signal-fire', (signal: Signal) => signal.fire());
