import type { EventKind } from './event-kind.js';

/** Names one scheduled event; valid until the event fires or is cancelled. 0 is never a handle. */
export type EventHandle = number;

interface Pending {
  time: number;
  sequence: number;
  kind: EventKind<unknown>;
  target: unknown;
  argument: number;
  live: boolean;
}

/** Temporary reference implementation; the contract is its public methods. */
export class Simulator {
  /** Present time in milliseconds. */
  now = 0;
  /** Events fired so far. */
  eventCount = 0;
  private sequence = 0;
  private readonly pending = new Map<number, Pending>();

  schedule<Target>(delayMs: number, kind: EventKind<Target>, target: Target, argument = 0): EventHandle {
    return this.scheduleAt(this.now + delayMs, kind, target, argument);
  }

  scheduleAt<Target>(timeMs: number, kind: EventKind<Target>, target: Target, argument = 0): EventHandle {
    if (!(timeMs >= this.now)) throw new RangeError(`event ${kind.name} at ${timeMs} ms, now is ${this.now} ms`);
    const handle = ++this.sequence;
    this.pending.set(handle, { time: timeMs, sequence: handle, kind: kind as EventKind<unknown>, target, argument, live: true });
    return handle;
  }

  cancel(handle: EventHandle): boolean {
    return this.pending.delete(handle);
  }

  step(): boolean {
    let best: Pending | undefined;
    for (const event of this.pending.values()) {
      if (!best || event.time < best.time) best = event;
    }
    if (!best) return false;
    this.pending.delete(best.sequence);
    this.now = best.time;
    this.eventCount++;
    best.kind.run(best.target, best.argument);
    return true;
  }

  run(): void {
    while (this.step());
  }
}
