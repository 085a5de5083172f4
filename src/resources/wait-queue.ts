import type { EventKind } from '../kernel/event-kind.js';
import { NO_FLOATS } from './empty-arrays.js';

/**
 * First-in-first-out line of continuations, each with an amount (its service time, or nothing): a
 * circular buffer over parallel arrays. Who gives up leaves a gap that is passed over later.
 *
 * @example
 * waiters.push(resume, request, 17, 5);
 * const place = waiters.first(); // valid until the next push
 * simulator.schedule(waiters.amounts[place], waiters.kinds[place]!, waiters.targets[place], waiters.numbers[place]);
 * waiters.dropFirst();
 */
export class WaitQueue {
  /** Who wait, gaps not counted. */
  length = 0;
  /** By place; undefined in a gap. */
  kinds: (EventKind<unknown> | undefined)[] = [];
  targets: unknown[] = [];
  /** Arguments of the continuations. */
  numbers = NO_FLOATS;
  amounts = NO_FLOATS;
  private head = 0;
  /** Places in use from the head, gaps included. */
  private span = 0;

  push<Target>(kind: EventKind<Target>, target: Target, argument: number, amount = 0): void {
    if (this.span === this.kinds.length) this.grow();
    const place = (this.head + this.span) & (this.kinds.length - 1);
    this.kinds[place] = kind as EventKind<unknown>;
    this.targets[place] = target;
    this.numbers[place] = argument;
    this.amounts[place] = amount;
    this.span++;
    this.length++;
  }

  /** Place of the first; the line must not be empty. */
  first(): number {
    while (this.kinds[this.head] === undefined) {
      this.head = (this.head + 1) & (this.kinds.length - 1);
      this.span--;
    }
    return this.head;
  }

  /** Takes away the one that `first` has just named. */
  dropFirst(): void {
    this.kinds[this.head] = undefined;
    this.targets[this.head] = undefined;
    this.head = (this.head + 1) & (this.kinds.length - 1);
    this.span--;
    this.length--;
    if (this.length === 0) this.span = 0;
  }

  /**
   * Takes away the first who waits for this target and argument; false if there is none. It looks
   * from the head, where those whose time is out are found first.
   */
  abandon(target: unknown, argument: number): boolean {
    const mask = this.kinds.length - 1;
    for (let i = 0; i < this.span; i++) {
      const place = (this.head + i) & mask;
      if (this.kinds[place] === undefined) continue;
      if (this.targets[place] !== target || this.numbers[place] !== argument) continue;
      this.kinds[place] = undefined;
      this.targets[place] = undefined;
      this.length--;
      if (this.length === 0) this.span = 0;
      else this.first();
      return true;
    }
    return false;
  }

  /** Makes room; while at it, closes the gaps. */
  private grow(): void {
    const { kinds, targets, numbers, amounts } = this;
    const capacity = this.length * 2 > kinds.length ? kinds.length * 2 : kinds.length;
    this.kinds = new Array(Math.max(4, capacity)).fill(undefined);
    this.targets = new Array(this.kinds.length).fill(undefined);
    this.numbers = new Float64Array(this.kinds.length);
    this.amounts = new Float64Array(this.kinds.length);
    let kept = 0;
    for (let i = 0; i < this.span; i++) {
      const place = (this.head + i) & (kinds.length - 1);
      if (kinds[place] === undefined) continue;
      this.kinds[kept] = kinds[place];
      this.targets[kept] = targets[place];
      this.numbers[kept] = numbers[place];
      this.amounts[kept] = amounts[place];
      kept++;
    }
    this.head = 0;
    this.span = kept;
  }
}
