import { type EventRecords, recordLayout } from './event-records.js';

const { NUMBER_SHIFT, TIME, WORD_SHIFT, NEXT, PREVIOUS } = recordLayout;

const NONE = -1;
/** Every rung is at least 32 times finer than the one above, and a double has 53 bits. */
const RUNG_LIMIT = 32;

/** With so many events pending, records have left the second-level cache when their turn comes. */
const TOUCH_FROM = 2 ** 15;
/** Buckets touched ahead at once, and how far into each. */
const TOUCH_BUCKETS = 16;
const TOUCH_LENGTH = 24;

/**
 * The rungs of a calendar queue: each a row of buckets of equal width, each below another divides
 * the bucket last taken from that other. A bucket is a list linked through the records, newest event
 * first.
 *
 * A time is placed by one monotone function, `(time - start) * inverseWidth`, and compared as it is
 * with the number of the bucket, so rounding cannot put events out of order.
 */
export class CalendarRungs {
  private depth = 0;
  private readonly starts = new Float64Array(RUNG_LIMIT);
  private readonly inverseWidths = new Float64Array(RUNG_LIMIT);
  /** First bucket of each rung that has not been taken. */
  private readonly cursors = new Int32Array(RUNG_LIMIT);
  private readonly bucketCounts = new Int32Array(RUNG_LIMIT);
  /** Where the buckets of each rung begin in `heads`. */
  private readonly offsets = new Int32Array(RUNG_LIMIT);
  private heads = new Int32Array(1024).fill(NONE);
  private readonly fronts = new Int32Array(TOUCH_BUCKETS);
  private touchedTo = 0;
  /** Makes the reads of `touch` count for something, or V8 would leave them out. */
  private touchedTargets = 0;

  constructor(private readonly records: EventRecords) {}

  /** Links an event into the rung and bucket of its time; false if that is taken already. */
  insert(slot: number): boolean {
    const timeMs = this.records.numbers[(slot << NUMBER_SHIFT) + TIME];
    const depth = this.depth;
    for (let rung = 0; rung < depth; rung++) {
      const position = (timeMs - this.starts[rung]) * this.inverseWidths[rung];
      if (position >= this.cursors[rung]) {
        this.link(slot, rung, position);
        return true;
      }
    }
    return false;
  }

  /**
   * Opens a rung below the others for `count` events between two times, which are to be inserted
   * next, those of one time in their order. False if there are too many rungs, or if the times are so
   * close that a double cannot tell the buckets apart.
   */
  open(count: number, minimum: number, maximum: number): boolean {
    const bucketCount = maximum > minimum ? count : 1;
    const inverseWidth = maximum > minimum ? bucketCount / (maximum - minimum) : 1;
    if (inverseWidth === Infinity || this.depth === RUNG_LIMIT) return false;
    const rung = this.depth++;
    const offset = rung === 0 ? 0 : this.offsets[rung - 1] + this.bucketCounts[rung - 1];
    this.starts[rung] = minimum;
    this.inverseWidths[rung] = inverseWidth;
    this.cursors[rung] = 0;
    this.bucketCounts[rung] = bucketCount;
    this.offsets[rung] = offset;
    this.touchedTo = 0;
    if (offset + bucketCount > this.heads.length) {
      const heads = new Int32Array(Math.max(this.heads.length * 2, offset + bucketCount));
      heads.set(this.heads);
      heads.fill(NONE, this.heads.length);
      this.heads = heads;
    }
    return true;
  }

  /** Takes the earliest bucket that is not empty; returns the first slot of its list, or -1. */
  takeBucket(): number {
    while (this.depth > 0) {
      const rung = this.depth - 1;
      const offset = this.offsets[rung];
      const end = offset + this.bucketCounts[rung];
      const heads = this.heads;
      let bucket = offset + this.cursors[rung];
      while (bucket < end && heads[bucket] === NONE) bucket++;
      if (bucket < end && bucket >= this.touchedTo && this.records.used >= TOUCH_FROM) {
        this.touch(bucket, end);
      }
      // A rung whose last bucket has been taken takes no more events, so it must go at once.
      if (bucket + 1 >= end) {
        this.depth = rung;
        this.touchedTo = 0;
      } else {
        this.cursors[rung] = bucket + 1 - offset;
      }
      if (bucket < end) {
        const head = heads[bucket];
        heads[bucket] = NONE;
        return head;
      }
    }
    return NONE;
  }

  /** Takes an event out of its bucket. */
  unlink(slot: number): void {
    const words = this.records.words;
    const next = words[(slot << WORD_SHIFT) + NEXT];
    const previous = words[(slot << WORD_SHIFT) + PREVIOUS];
    if (previous >= 0) words[(previous << WORD_SHIFT) + NEXT] = next;
    else this.heads[~previous] = next;
    if (next !== NONE) words[(next << WORD_SHIFT) + PREVIOUS] = previous;
  }

  /**
   * Puts a slot first in its bucket. What lies beyond the last bucket belongs to the last. The first
   * slot of a list has for `previous` the place of its bucket, as a number below 0.
   */
  private link(slot: number, rung: number, position: number): void {
    const last = this.bucketCounts[rung] - 1;
    const bucket = this.offsets[rung] + (position < last ? position | 0 : last);
    const words = this.records.words;
    const next = this.heads[bucket];
    words[(slot << WORD_SHIFT) + NEXT] = next;
    words[(slot << WORD_SHIFT) + PREVIOUS] = ~bucket;
    if (next !== NONE) words[(next << WORD_SHIFT) + PREVIOUS] = slot;
    this.heads[bucket] = slot;
  }

  /**
   * Brings the records and targets of the next buckets into the cache. To walk one list after the
   * other is to wait for memory at every step; walked side by side, the waits overlap. It halves the
   * cost of an event when a million are pending.
   */
  private touch(from: number, end: number): void {
    const { fronts, heads } = this;
    const { words, targets } = this.records;
    const width = Math.min(TOUCH_BUCKETS, end - from);
    for (let i = 0; i < width; i++) fronts[i] = heads[from + i];
    let found = 0;
    for (let step = 0; step < TOUCH_LENGTH; step++) {
      let left = 0;
      for (let i = 0; i < width; i++) {
        const slot = fronts[i];
        if (slot !== NONE) {
          left++;
          fronts[i] = words[(slot << WORD_SHIFT) + NEXT];
          if (targets[slot] === this) found++;
        }
      }
      if (left === 0) break;
    }
    this.touchedTo = from + width;
    this.touchedTargets += found;
  }
}
