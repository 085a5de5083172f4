import { CalendarRungs } from './calendar-rungs.js';
import type { EventQueue } from './event-queue.js';
import { type EventRecords, recordLayout } from './event-records.js';

const { NUMBER_SHIFT, TIME, WORD_SHIFT, NEXT, PREVIOUS, KIND, DEAD } = recordLayout;

const NONE = -1;
/** As `previous`: the slot is in `near` or `batch`, which let go of a cancelled event lazily. */
const IN_ARRAY = -0x80000000;
/** As `previous`: the slot is in `far`, at the index in `next`. */
const IN_FAR = -0x7fffffff;

/** Most events sorted by insertion at once; a bucket with more is split. */
const SORT_LIMIT = 96;
/** Most events that `near` takes by insertion before it is turned into a rung. */
const NEAR_LIMIT = 64;
/** At most this few events need no rung. */
const FEW = 24;

/**
 * The default: a calendar whose crowded days are split into finer calendars (the ladder queue of
 * Tang, Goh and Thng, ACM TOMACS 15(3), 2005). No width is ever guessed: each rung takes its range
 * and its number of buckets from the events at hand, so it fits any distribution of increments.
 *
 * From the earliest to the latest event:
 * - `near`, a short sorted array, latest first;
 * - `batch`, a ring of events of one time: those for the present, or a crowd of ties;
 * - rungs, the finest last, each a row of buckets that are lists, newest event first;
 * - `far`, an unsorted array of what lies beyond the first rung, made into a rung when its turn comes.
 *
 * Events of one time stay in order of insertion without a sequence number, because every move is
 * stable: a list is emptied newest first, and filled oldest first.
 */
export class CalendarEventQueue implements EventQueue {
  readonly name = 'calendar';

  private nearTimes = new Float64Array(NEAR_LIMIT * 2);
  private nearSlots = new Int32Array(NEAR_LIMIT * 2);
  private nearCount = 0;

  /** Time of the events in `batch`, or of the last event popped where it is empty. */
  private batchTime = NaN;
  private batch = new Int32Array(64);
  private batchFirst = 0;
  private batchCount = 0;

  private readonly rungs: CalendarRungs;

  private far = new Int32Array(64);
  private farCount = 0;
  private farHoles = 0;
  /** Times after this go to `far`. */
  private farAfter = -Infinity;
  private farMinimum = Infinity;
  private farMaximum = -Infinity;

  private scratch = new Int32Array(256);

  constructor(private readonly records: EventRecords) {
    this.rungs = new CalendarRungs(records);
  }

  insert(slot: number): void {
    // The time is read here and not passed: a double passed to a call that is not inlined is boxed.
    const timeMs = this.records.numbers[(slot << NUMBER_SHIFT) + TIME];
    if (timeMs === this.batchTime) {
      this.insertBatch(slot);
    } else if (timeMs > this.farAfter) {
      this.insertFar(slot, timeMs);
    } else if (!this.rungs.insert(slot)) {
      if (this.nearCount >= NEAR_LIMIT && this.shortenNear()) this.insert(slot);
      else this.insertNear(slot, timeMs);
    }
  }

  popUntil(limitMs: number): number {
    const records = this.records;
    for (;;) {
      const index = this.nearCount - 1;
      if (index >= 0 && (this.batchCount === 0 || this.nearTimes[index] <= this.batchTime)) {
        const timeMs = this.nearTimes[index];
        if (timeMs > limitMs) return NONE;
        const slot = this.nearSlots[index];
        this.nearCount = index;
        if (records.words[(slot << WORD_SHIFT) + KIND] !== DEAD) {
          if (this.batchCount === 0) this.batchTime = timeMs;
          return slot;
        }
        records.releaseDead(slot);
      } else if (this.batchCount > 0) {
        if (this.batchTime > limitMs) return NONE;
        const slot = this.batch[this.batchFirst];
        this.batchFirst = (this.batchFirst + 1) & (this.batch.length - 1);
        this.batchCount--;
        if (records.words[(slot << WORD_SHIFT) + KIND] !== DEAD) return slot;
        records.releaseDead(slot);
      } else if (!this.refill()) {
        return NONE;
      }
    }
  }

  remove(slot: number): void {
    const words = this.records.words;
    const next = words[(slot << WORD_SHIFT) + NEXT];
    const previous = words[(slot << WORD_SHIFT) + PREVIOUS];
    if (previous === IN_ARRAY) {
      this.removeLazily(slot);
      return;
    }
    if (previous === IN_FAR) this.removeFar(next);
    else this.rungs.unlink(slot);
    this.records.releaseDead(slot);
  }

  private insertBatch(slot: number): void {
    if (this.batchCount === this.batch.length) this.growBatch();
    this.batch[(this.batchFirst + this.batchCount) & (this.batch.length - 1)] = slot;
    this.batchCount++;
    this.records.words[(slot << WORD_SHIFT) + PREVIOUS] = IN_ARRAY;
  }

  private growBatch(): void {
    const batch = new Int32Array(this.batch.length * 2);
    batch.set(this.batch.subarray(this.batchFirst));
    batch.set(this.batch.subarray(0, this.batchFirst), this.batch.length - this.batchFirst);
    this.batch = batch;
    this.batchFirst = 0;
  }

  private insertFar(slot: number, timeMs: number): void {
    if (this.farCount === this.far.length) this.far = grown(this.far, this.farCount * 2);
    const words = this.records.words;
    words[(slot << WORD_SHIFT) + NEXT] = this.farCount;
    words[(slot << WORD_SHIFT) + PREVIOUS] = IN_FAR;
    this.far[this.farCount++] = slot;
    if (timeMs < this.farMinimum) this.farMinimum = timeMs;
    if (timeMs > this.farMaximum) this.farMaximum = timeMs;
  }

  /** A new event comes after those of its time, thus left of them. */
  private insertNear(slot: number, timeMs: number): void {
    let index = this.nearCount;
    if (index === this.nearSlots.length) this.growNear();
    const times = this.nearTimes;
    const slots = this.nearSlots;
    while (index > 0 && times[index - 1] <= timeMs) {
      times[index] = times[index - 1];
      slots[index] = slots[index - 1];
      index--;
    }
    times[index] = timeMs;
    slots[index] = slot;
    this.nearCount++;
    this.records.words[(slot << WORD_SHIFT) + PREVIOUS] = IN_ARRAY;
  }

  private growNear(): void {
    const times = new Float64Array(this.nearTimes.length * 2);
    times.set(this.nearTimes);
    this.nearTimes = times;
    this.nearSlots = grown(this.nearSlots, times.length);
  }

  /** Makes a full `near` short again. False if it has to stay as it is, or nearly. */
  private shortenNear(): boolean {
    this.dropDeadOfNear();
    const nearTimes = this.nearTimes;
    const earliest = this.nearCount > 0 ? nearTimes[this.nearCount - 1] : Infinity;
    if (this.batchCount > 0 && earliest < this.batchTime) this.unloadBatch();
    // Events of the batch's time stay: they must leave before the batch.
    let later = this.nearCount;
    while (later > 0 && nearTimes[later - 1] <= this.batchTime) later--;
    if (later <= NEAR_LIMIT / 2) return this.nearCount < NEAR_LIMIT;
    if (!this.rungs.open(later, nearTimes[later - 1], nearTimes[0])) return false;
    this.linkFirstOfNear(later);
    return true;
  }

  /** Moves the latest events of `near` to the finest rung. */
  private linkFirstOfNear(count: number): void {
    const { nearTimes, nearSlots } = this;
    if (count > 0 && this.farAfter === Infinity) this.farAfter = nearTimes[0];
    for (let i = count - 1; i >= 0; i--) this.rungs.insert(nearSlots[i]);
    nearTimes.copyWithin(0, count, this.nearCount);
    nearSlots.copyWithin(0, count, this.nearCount);
    this.nearCount -= count;
  }

  private dropDeadOfNear(): void {
    const { records, nearTimes, nearSlots } = this;
    let kept = 0;
    for (let i = 0; i < this.nearCount; i++) {
      const slot = nearSlots[i];
      if (records.words[(slot << WORD_SHIFT) + KIND] === DEAD) {
        records.releaseDead(slot);
      } else {
        nearTimes[kept] = nearTimes[i];
        nearSlots[kept++] = slot;
      }
    }
    this.nearCount = kept;
  }

  /**
   * Turns a batch whose time has not come, and what follows it in `near`, into a rung of one bucket,
   * so that finer rungs can be opened for earlier events.
   */
  private unloadBatch(): void {
    if (!this.rungs.open(1, this.batchTime, this.batchTime)) return;
    const { records, batch, nearTimes } = this;
    let count = 0;
    while (count < this.nearCount && nearTimes[count] >= this.batchTime) count++;
    this.linkFirstOfNear(count);
    for (let i = 0; i < this.batchCount; i++) {
      const slot = batch[(this.batchFirst + i) & (batch.length - 1)];
      if (records.words[(slot << WORD_SHIFT) + KIND] === DEAD) records.releaseDead(slot);
      else this.rungs.insert(slot);
    }
    this.batchCount = 0;
    this.batchTime = NaN;
  }

  /** Fills the empty `near` or the empty batch with the earliest events. False if there are none. */
  private refill(): boolean {
    for (;;) {
      const head = this.rungs.takeBucket();
      if (head === NONE) return this.refillFromFar();
      if (this.sortList(head)) return true;
    }
  }

  /** Takes a list into `near`, or splits it where it is too long: then returns false. */
  private sortList(head: number): boolean {
    const { numbers, words } = this.records;
    const times = this.nearTimes;
    const slots = this.nearSlots;
    let count = 0;
    for (let slot = head; slot !== NONE; slot = words[(slot << WORD_SHIFT) + NEXT]) {
      if (count === SORT_LIMIT) {
        this.nearCount = 0;
        return this.splitList(head);
      }
      const timeMs = numbers[(slot << NUMBER_SHIFT) + TIME];
      let index = count++;
      while (index > 0 && times[index - 1] < timeMs) {
        times[index] = times[index - 1];
        slots[index] = slots[index - 1];
        index--;
      }
      times[index] = timeMs;
      slots[index] = slot;
      words[(slot << WORD_SHIFT) + PREVIOUS] = IN_ARRAY;
    }
    this.nearCount = count;
    return true;
  }

  private splitList(head: number): boolean {
    const { numbers, words } = this.records;
    let count = 0;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (let slot = head; slot !== NONE; slot = words[(slot << WORD_SHIFT) + NEXT]) {
      if (count === this.scratch.length) this.scratch = grown(this.scratch, count * 2);
      this.scratch[count++] = slot;
      const timeMs = numbers[(slot << NUMBER_SHIFT) + TIME];
      if (timeMs < minimum) minimum = timeMs;
      if (timeMs > maximum) maximum = timeMs;
    }
    return this.spread(this.scratch, count, minimum, maximum, true);
  }

  private refillFromFar(): boolean {
    if (this.farHoles > 0) this.closeHoles();
    const count = this.farCount;
    const minimum = this.farMinimum;
    const maximum = this.farMaximum;
    this.farCount = 0;
    this.farMinimum = Infinity;
    this.farMaximum = -Infinity;
    this.farAfter = count === 0 ? -Infinity : count <= FEW ? Infinity : maximum;
    if (count === 0) return false;
    if (count > FEW) return this.spread(this.far, count, minimum, maximum, false) || this.refill();
    for (let i = 0; i < count; i++) {
      const slot = this.far[i];
      this.insertNear(slot, this.records.numbers[(slot << NUMBER_SHIFT) + TIME]);
    }
    return true;
  }

  /**
   * Spreads events over a new rung, or if all are of one time makes them the batch, which is empty
   * whenever events are taken from rungs; then returns true.
   */
  private spread(
    slots: Int32Array,
    count: number,
    minimum: number,
    maximum: number,
    isNewestFirst: boolean,
  ): boolean {
    const records = this.records;
    const isBatch = minimum === maximum;
    const isRung = !isBatch && this.rungs.open(count, minimum, maximum);
    if (isBatch) this.batchTime = minimum;
    for (let i = 0; i < count; i++) {
      const slot = slots[isNewestFirst ? count - 1 - i : i];
      if (isBatch) this.insertBatch(slot);
      else if (isRung) this.rungs.insert(slot);
      else this.insertNear(slot, records.numbers[(slot << NUMBER_SHIFT) + TIME]);
    }
    return !isRung;
  }

  private removeFar(index: number): void {
    this.far[index] = NONE;
    this.farHoles++;
    if (this.farHoles > 64 && this.farHoles * 2 > this.farCount) this.closeHoles();
  }

  private closeHoles(): void {
    const words = this.records.words;
    let count = 0;
    for (let i = 0; i < this.farCount; i++) {
      const slot = this.far[i];
      if (slot === NONE) continue;
      words[(slot << WORD_SHIFT) + NEXT] = count;
      this.far[count++] = slot;
    }
    this.farCount = count;
    this.farHoles = 0;
  }

  /** An event set for the present and cancelled at once goes at once; others go when popped. */
  private removeLazily(slot: number): void {
    if (this.batchCount === 0) return;
    const last = (this.batchFirst + this.batchCount - 1) & (this.batch.length - 1);
    if (this.batch[last] !== slot) return;
    this.batchCount--;
    this.records.releaseDead(slot);
  }
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(array);
  return longer;
}
