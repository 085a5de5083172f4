import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';

interface Waiting {
  readonly kind: EventKind<unknown>;
  readonly target: unknown;
  readonly argument: number;
}

const batchOrdered = defineEventKind('galera-batch-ordered', (window: SendWindow, batch: number) =>
  window.finish(batch),
);

/**
 * A member's own messages to its group: at most `size` batches are under way; a write set that
 * finds the window full goes with the next batch, together with all that came meanwhile.
 */
export class SendWindow {
  private readonly batches: Waiting[][];
  private readonly free: number[] = [];
  private next: Waiting[] = [];

  constructor(
    private readonly simulator: Simulator,
    size: number,
    /** How long the group takes now to order a message of this member. */
    private readonly orderingMs: () => number,
  ) {
    this.batches = Array.from({ length: size }, () => []);
    for (let batch = size - 1; batch >= 0; batch--) this.free.push(batch);
  }

  send<Target>(kind: EventKind<Target>, target: Target, argument: number): void {
    this.next.push({ kind: kind as EventKind<unknown>, target, argument });
    this.depart();
  }

  private depart(): void {
    const batch = this.free.pop();
    if (batch === undefined) return;
    this.batches[batch] = this.next;
    this.next = [];
    this.simulator.schedule(this.orderingMs(), batchOrdered, this, batch);
  }

  finish(batch: number): void {
    const done = this.batches[batch];
    this.free.push(batch);
    if (this.next.length > 0) this.depart();
    for (const { kind, target, argument } of done) kind.run(target, argument);
  }
}
