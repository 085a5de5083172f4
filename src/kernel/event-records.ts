/**
 * Layout of a record: 4 doubles, `numbers[(slot << NUMBER_SHIFT) + TIME]`, two of them used, or the
 * same bytes as 8 words, `words[(slot << WORD_SHIFT) + NEXT]`. Code on the hot path destructures it
 * into constants of its own module: V8 folds these, but reads an imported one anew each time.
 */
export const recordLayout = {
  NUMBER_SHIFT: 2,
  TIME: 0,
  ARGUMENT: 1,

  WORD_SHIFT: 3,
  /** Words 0 and 1 are the time, 2 and 3 the argument; 4 and 5 are the queue's while it holds the slot. */
  NEXT: 4,
  PREVIOUS: 5,
  /** Id of the kind of event, or `DEAD`. */
  KIND: 6,
  /** Counts the events that had the slot, so that a stale handle is known for what it is. */
  GENERATION: 7,

  /** Kind of a cancelled event whose slot a lazy queue still holds. */
  DEAD: 0,
} as const;

const { NUMBER_SHIFT, TIME, ARGUMENT, WORD_SHIFT, NEXT, KIND, GENERATION, DEAD } = recordLayout;

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
    const rest = handle - generation * SLOT_LIMIT;
    if (!(generation > 0 && rest < this.targets.length && Number.isInteger(rest))) return NONE;
    // As a small integer: a double that gets into the free list makes every slot one from then on.
    const slot = rest | 0;
    return this.words[(slot << WORD_SHIFT) + GENERATION] === generation ? slot : NONE;
  }

  /** The event has fired: its handle is void, its target is let go and its slot is free. */
  release(slot: number): void {
    const words = this.words;
    const word = slot << WORD_SHIFT;
    const generation = words[word + GENERATION] + 1;
    words[word + GENERATION] = generation < GENERATION_LIMIT ? generation : 1;
    words[word + NEXT] = this.freeHead;
    this.freeHead = slot;
    this.used--;
    this.targets[slot] = undefined;
  }

  /** The event is cancelled: its handle is void and its target is let go; the slot stays in use. */
  kill(slot: number): void {
    const words = this.words;
    const word = slot << WORD_SHIFT;
    const generation = words[word + GENERATION] + 1;
    words[word + GENERATION] = generation < GENERATION_LIMIT ? generation : 1;
    words[word + KIND] = DEAD;
    this.targets[slot] = undefined;
    this.dead++;
  }

  /** Frees the slot of a cancelled event; for the queue, once it holds the slot no more. */
  releaseDead(slot: number): void {
    this.words[(slot << WORD_SHIFT) + NEXT] = this.freeHead;
    this.freeHead = slot;
    this.used--;
    this.dead--;
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
