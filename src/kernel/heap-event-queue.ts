import FastPriorityQueue from 'fastpriorityqueue';
import type { EventQueue } from './event-queue.js';
import type { EventRecords } from './event-records.js';

/** Below this many cancelled events a sweep is not worth its call. */
const SWEEP_FROM = 64;

/**
 * The reference: a binary heap, the package `fastpriorityqueue`. Cancelled events stay in it until
 * they reach the top or outnumber the others, when all are swept out at once.
 */
export class HeapEventQueue implements EventQueue {
  readonly name = 'heap';
  private readonly heap: FastPriorityQueue<number>;
  private sequences = new Float64Array(0);
  private nextSequence = 0;

  constructor(private readonly records: EventRecords) {
    this.heap = new FastPriorityQueue<number>((a, b) => {
      const timeA = this.records.time(a);
      const timeB = this.records.time(b);
      return timeA < timeB || (timeA === timeB && this.sequences[a] < this.sequences[b]);
    });
  }

  insert(slot: number): void {
    if (slot >= this.sequences.length) {
      const sequences = new Float64Array(this.records.capacity);
      sequences.set(this.sequences);
      this.sequences = sequences;
    }
    this.sequences[slot] = this.nextSequence++;
    this.heap.add(slot);
  }

  popUntil(limitMs: number): number {
    for (;;) {
      const slot = this.heap.peek();
      if (slot === undefined) return -1;
      const isDead = this.records.isDead(slot);
      if (!isDead && this.records.time(slot) > limitMs) return -1;
      this.heap.poll();
      if (!isDead) return slot;
      this.records.releaseDead(slot);
    }
  }

  remove(_slot: number): void {
    const { dead, used } = this.records;
    if (dead > SWEEP_FROM && dead * 2 > used) this.sweep();
  }

  private sweep(): void {
    const records = this.records;
    const dead = this.heap.removeMany((slot) => records.isDead(slot));
    for (const slot of dead) records.releaseDead(slot);
    this.heap.trim();
  }
}
