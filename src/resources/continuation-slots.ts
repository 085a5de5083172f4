import type { EventKind } from '../kernel/event-kind.js';
import { NO_FLOATS, NO_INTEGERS } from './empty-arrays.js';

const NONE = -1;

/**
 * Continuations of the jobs in service, by slot: parallel arrays with a free list, so that a job
 * allocates nothing.
 */
export class ContinuationSlots {
  private readonly kinds: EventKind<unknown>[] = [];
  private readonly targets: unknown[] = [];
  private numbers = NO_FLOATS;
  private nextFree = NO_INTEGERS;
  private firstFree = NONE;

  /** Slots in all: every slot is below this. */
  get capacity(): number {
    return this.targets.length;
  }

  /** Keeps a continuation; returns its slot. */
  take<Target>(kind: EventKind<Target>, target: Target, argument: number): number {
    if (this.firstFree === NONE) this.grow();
    const slot = this.firstFree;
    this.firstFree = this.nextFree[slot];
    this.kinds[slot] = kind as EventKind<unknown>;
    this.targets[slot] = target;
    this.numbers[slot] = argument;
    return slot;
  }

  /** Frees the slot, then runs its continuation. */
  run(slot: number): void {
    const target = this.targets[slot];
    this.targets[slot] = undefined;
    this.nextFree[slot] = this.firstFree;
    this.firstFree = slot;
    this.kinds[slot].run(target, this.numbers[slot]);
  }

  private grow(): void {
    const from = this.targets.length;
    const capacity = Math.max(4, from * 2);
    const numbers = new Float64Array(capacity);
    numbers.set(this.numbers);
    this.numbers = numbers;
    const nextFree = new Int32Array(capacity);
    nextFree.set(this.nextFree);
    this.nextFree = nextFree;
    for (let slot = capacity - 1; slot >= from; slot--) {
      nextFree[slot] = this.firstFree;
      this.firstFree = slot;
    }
    for (let slot = from; slot < capacity; slot++) {
      this.kinds.push(NOTHING);
      this.targets.push(undefined);
    }
  }
}

/** Never run: it keeps the array of kinds of one type. */
const NOTHING: EventKind<unknown> = { name: 'none', nameHash: 0, id: 0, run: () => {} };
