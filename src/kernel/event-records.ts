/** Doubles of a record: `numbers[slot * NUMBERS + field]`. */
export const NUMBERS = 4;
export const TIME = 0;
export const ARGUMENT = 1;

/** 32-bit words of the same record: `words[slot * WORDS + field]`; words 0 to 3 are the doubles. */
export const WORDS = 8;
/** Two words for the queue's own use while the event is pending. */
export const LINK_NEXT = 4;
export const LINK_PREVIOUS = 5;
/** Id of the kind of event; `DEAD` once cancelled, while a lazy queue still holds the slot. */
export const KIND = 6;
export const DEAD = 0;
/** Counts the events that had this slot, so that a stale handle is known for what it is. */
export const GENERATION = 7;

/** A handle is `slot + generation * SLOT_LIMIT`, below 2^53. */
export const SLOT_LIMIT = 2 ** 25;
const GENERATION_LIMIT = 2 ** 28;

const NONE = -1;
const INITIAL_CAPACITY = 64;

/**
 * Pending events as pooled records. A record is 32 bytes in one array (two views of it), so that an
 * event that has left the caches costs one miss and not one per field; a target is a reference and
 * lives in an array of its own.
 */
export class EventRecords {
  numbers = new Float64Array(0);
  words = new Int32Array(0);
  readonly targets: unknown[] = [];
  /** Slots in use, by pending and by cancelled events. */
  used = 0;
  /** Slots of cancelled events that their queue has not released yet. */
  dead = 0;
  private freeHead = NONE;

  constructor() {
    this.grow(INITIAL_CAPACITY);
  }

  /** Takes a slot for an event. */
  allocate(timeMs: number, kindId: number, target: unknown, argument: number): number {
    if (this.freeHead === NONE) this.grow(this.targets.length * 2);
    const slot = this.freeHead;
    const words = this.words;
    const numbers = this.numbers;
    const word = slot * WORDS;
    const number = slot * NUMBERS;
    this.freeHead = words[word + LINK_NEXT];
    this.used++;
    numbers[number + TIME] = timeMs;
    numbers[number + ARGUMENT] = argument;
    words[word + KIND] = kindId;
    this.targets[slot] = target;
    return slot;
  }

  /** The event has fired or is cancelled: its handle is void and its target is let go. */
  end(slot: number): void {
    const at = slot * WORDS + GENERATION;
    const generation = this.words[at] + 1;
    this.words[at] = generation < GENERATION_LIMIT ? generation : 1;
    this.targets[slot] = undefined;
  }

  /** Gives back the slot of an event that has ended. */
  release(slot: number): void {
    this.words[slot * WORDS + LINK_NEXT] = this.freeHead;
    this.freeHead = slot;
    this.used--;
  }

  /** Gives back the slot of a cancelled event that a lazy queue has just come across. */
  releaseDead(slot: number): void {
    this.dead--;
    this.release(slot);
  }

  private grow(capacity: number): void {
    const from = this.targets.length;
    if (from === SLOT_LIMIT) throw new RangeError(`more than ${SLOT_LIMIT} events are pending`);
    const numbers = new Float64Array(capacity * NUMBERS);
    numbers.set(this.numbers);
    this.numbers = numbers;
    this.words = new Int32Array(numbers.buffer);
    // Lowest slot first off the free list, so that slots fill in order of memory.
    for (let slot = capacity - 1; slot >= from; slot--) {
      this.words[slot * WORDS + GENERATION] = 1;
      this.words[slot * WORDS + LINK_NEXT] = this.freeHead;
      this.freeHead = slot;
    }
    for (let slot = from; slot < capacity; slot++) this.targets.push(undefined);
  }
}
