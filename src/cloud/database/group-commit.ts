import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { WaitQueue } from '../../resources/wait-queue.js';

/** What a batch costs; asked when it departs. */
export interface BatchTiming {
  /** From its departure until the next may take its place, in ms; Infinity: never. */
  holdMs(): number;
  /** From the departure of so many until they are done, in ms, `holdMs` or longer; Infinity: never. */
  doneMs(count: number): number;
  /** A batch of so many is done; their continuations follow. */
  batchDone?(count: number): void;
}

const placeFree = defineEventKind('batch-place-free', (window: BatchWindow) => window.freePlace());
const batchDone = defineEventKind('batch-done', (window: BatchWindow, batch: number) =>
  window.finish(batch),
);

/**
 * Work that goes in batches, of which at most `size` are under way; what finds the window full goes
 * with the next batch, together with all that came meanwhile. Batches end in the order in which they
 * departed. With size 1 it is the group commit of a log on disk, with more a sender's window.
 */
export class BatchWindow {
  private readonly batches: WaitQueue[] = [];
  private readonly idleBatches: number[] = [];
  private waiting = new WaitQueue();
  private free: number;
  private lastDoneMs = 0;

  constructor(
    private readonly simulator: Simulator,
    size: number,
    private readonly timing: BatchTiming,
  ) {
    this.free = size;
  }

  send<Target>(kind: EventKind<Target>, target: Target, argument: number): void {
    this.waiting.push(kind, target, argument);
    if (this.free > 0) this.depart();
  }

  /** For its own events. */
  freePlace(): void {
    this.free++;
    if (this.waiting.length > 0) this.depart();
  }

  /** For its own events. */
  finish(batch: number): void {
    const done = this.batches[batch];
    this.timing.batchDone?.(done.length);
    while (done.length > 0) {
      const place = done.first();
      const kind = done.kinds[place] as EventKind<unknown>;
      const target = done.targets[place];
      const argument = done.numbers[place];
      done.dropFirst();
      kind.run(target, argument);
    }
    this.idleBatches.push(batch);
  }

  private depart(): void {
    const { simulator, timing } = this;
    this.free--;
    const batch = this.idleBatches.pop() ?? this.batches.push(new WaitQueue()) - 1;
    const empty = this.batches[batch];
    this.batches[batch] = this.waiting;
    this.waiting = empty;
    const holdMs = timing.holdMs();
    const doneMs = timing.doneMs(this.batches[batch].length);
    if (holdMs < Infinity) simulator.schedule(holdMs, placeFree, this);
    if (doneMs < Infinity) {
      this.lastDoneMs = Math.max(this.lastDoneMs, simulator.now + doneMs);
      simulator.scheduleAt(this.lastDoneMs, batchDone, this, batch);
    }
  }
}
