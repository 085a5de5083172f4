import type { Fingerprint } from './fingerprint.js';

/*
 * Layout of a record: 4 doubles (two used), or the same bytes as 8 words of 32 bits. The constants
 * stay in this file: V8 folds them here, but reads an imported one anew each time.
 */
const NUMBER_SHIFT = 2;
const TIME = 0;
const ARGUMENT = 1;

const WORD_SHIFT = 3;
const TIME_LOW = 0;
const TIME_HIGH = 1;
const ARGUMENT_LOW = 2;
const ARGUMENT_HIGH = 3;
const NEXT = 4;
const PREVIOUS = 5;
const KIND = 6;
const GENERATION = 7;

/** Kind of a cancelled event whose slot a lazy queue still holds. */
const DEAD = 0;

/** A handle is `slot + generation * SLOT_LIMIT`, below 2^53. */
const SLOT_LIMIT = 2 ** 25;
const GENERATION_LIMIT = 2 ** 28;

const NONE = -1;
const INITIAL_CAPACITY = 64;

/**
 * Pending events as pooled records. A record is 32 bytes in one array (two views of it), so that an
 * event that has left the caches costs one miss and not one per field; a target is a reference and
 * lives in an array of its own. A slot is the number of a record.
 */
export class EventRecords {
  private numbers = new Float64Array(0);
  private words = new Int32Array(0);
  private readonly targets: unknown[] = [];
  /** Slots in use, by pending and by cancelled events. */
  used = 0;
  /** Slots of cancelled events that their queue has not released yet. */
  dead = 0;
  private freeHead = NONE;

  constructor() {
    this.grow(INITIAL_CAPACITY);
  }

  /** Records there is room for before memory grows. */
  get capacity(): number {
    return this.targets.length;
  }

  /** Takes a slot for an event. `kindId` is above 0. */
  allocate(timeMs: number, kindId: number, target: unknown, argument: number): number {
    if (this.freeHead === NONE) this.grow(this.targets.length * 2);
    const slot = this.freeHead;
    const { numbers, words } = this;
    const number = slot << NUMBER_SHIFT;
    const word = slot << WORD_SHIFT;
    this.freeHead = words[word + NEXT];
    this.used++;
    numbers[number + TIME] = timeMs;
    numbers[number + ARGUMENT] = argument;
    words[word + KIND] = kindId;
    this.targets[slot] = target;
    return slot;
  }

  time(slot: number): number {
    return this.numbers[(slot << NUMBER_SHIFT) + TIME];
  }

  /** Only for a slot that is in no queue. */
  setTime(slot: number, timeMs: number): void {
    this.numbers[(slot << NUMBER_SHIFT) + TIME] = timeMs;
  }

  argument(slot: number): number {
    return this.numbers[(slot << NUMBER_SHIFT) + ARGUMENT];
  }

  kindId(slot: number): number {
    return this.words[(slot << WORD_SHIFT) + KIND];
  }

  target(slot: number): unknown {
    return this.targets[slot];
  }

  /** Two words for the queue's own use while it holds the slot. */
  next(slot: number): number {
    return this.words[(slot << WORD_SHIFT) + NEXT];
  }

  setNext(slot: number, next: number): void {
    this.words[(slot << WORD_SHIFT) + NEXT] = next;
  }

  previous(slot: number): number {
    return this.words[(slot << WORD_SHIFT) + PREVIOUS];
  }

  setPrevious(slot: number, previous: number): void {
    this.words[(slot << WORD_SHIFT) + PREVIOUS] = previous;
  }

  isDead(slot: number): boolean {
    return this.words[(slot << WORD_SHIFT) + KIND] === DEAD;
  }

  /** Names the event that has the slot now, and no other that will have it. */
  handle(slot: number): number {
    return slot + this.words[(slot << WORD_SHIFT) + GENERATION] * SLOT_LIMIT;
  }

  /** Slot of a pending event, -1 if the handle names none. */
  slotOf(handle: number): number {
    const generation = Math.floor(handle / SLOT_LIMIT);
    const slot = handle - generation * SLOT_LIMIT;
    if (!(generation > 0 && slot < this.targets.length && Number.isInteger(slot))) return NONE;
    return this.words[(slot << WORD_SHIFT) + GENERATION] === generation ? slot : NONE;
  }

  /** The event has fired: its handle is void, its target is let go and its slot is free. */
  release(slot: number): void {
    this.endHandle(slot);
    this.free(slot);
  }

  /** The event is cancelled: its handle is void and its target is let go; the slot stays in use. */
  kill(slot: number): void {
    this.endHandle(slot);
    this.words[(slot << WORD_SHIFT) + KIND] = DEAD;
    this.dead++;
  }

  /** Frees the slot of a cancelled event; for the queue, once it holds the slot no more. */
  releaseDead(slot: number): void {
    this.dead--;
    this.free(slot);
  }

  /** Time and argument of an event, bit by bit, into a hash. */
  addTo(hash: Fingerprint, slot: number, nameHash: number): void {
    const word = slot << WORD_SHIFT;
    const words = this.words;
    hash.add(
      words[word + TIME_LOW],
      words[word + TIME_HIGH],
      words[word + ARGUMENT_LOW],
      words[word + ARGUMENT_HIGH] ^ nameHash,
    );
  }

  private endHandle(slot: number): void {
    const at = (slot << WORD_SHIFT) + GENERATION;
    const generation = this.words[at] + 1;
    this.words[at] = generation < GENERATION_LIMIT ? generation : 1;
    this.targets[slot] = undefined;
  }

  private free(slot: number): void {
    this.words[(slot << WORD_SHIFT) + NEXT] = this.freeHead;
    this.freeHead = slot;
    this.used--;
  }

  private grow(capacity: number): void {
    const from = this.targets.length;
    if (from === SLOT_LIMIT) throw new RangeError(`more than ${SLOT_LIMIT} events are pending`);
    const numbers = new Float64Array(capacity << NUMBER_SHIFT);
    numbers.set(this.numbers);
    this.numbers = numbers;
    this.words = new Int32Array(numbers.buffer);
    // Lowest slot first off the free list, so that slots fill in order of memory.
    for (let slot = capacity - 1; slot >= from; slot--) {
      this.words[(slot << WORD_SHIFT) + GENERATION] = 1;
      this.words[(slot << WORD_SHIFT) + NEXT] = this.freeHead;
      this.freeHead = slot;
    }
    for (let slot = from; slot < capacity; slot++) this.targets.push(undefined);
  }
}
