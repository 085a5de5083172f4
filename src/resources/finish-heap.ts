import { NO_FLOATS, NO_INTEGERS } from './empty-arrays.js';

/**
 * Jobs by the virtual time at which they finish, in a binary heap over typed arrays. Of equals, the
 * first pushed comes first.
 */
export class FinishHeap {
  size = 0;
  private times = NO_FLOATS;
  private sequences = NO_FLOATS;
  private slots = NO_INTEGERS;
  private nextSequence = 0;

  /** Virtual time at which the first finishes; the heap must not be empty. */
  get firstTime(): number {
    return this.times[0];
  }

  /** True if the job pushed is now the first. */
  push(slot: number, time: number): boolean {
    if (this.size === this.slots.length) this.grow();
    const { times, sequences, slots } = this;
    let index = this.size++;
    // An equal parent was pushed before and stays above.
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (times[parent] <= time) break;
      times[index] = times[parent];
      sequences[index] = sequences[parent];
      slots[index] = slots[parent];
      index = parent;
    }
    times[index] = time;
    sequences[index] = this.nextSequence++;
    slots[index] = slot;
    return index === 0;
  }

  /** Takes away the first and returns its slot. */
  pop(): number {
    const { times, sequences, slots } = this;
    const slot = slots[0];
    const size = --this.size;
    const time = times[size];
    const sequence = sequences[size];
    let index = 0;
    for (let child = 1; child < size; child = 2 * index + 1) {
      const right = child + 1;
      if (right < size && isBefore(times, sequences, right, times[child], sequences[child])) {
        child = right;
      }
      if (!isBefore(times, sequences, child, time, sequence)) break;
      times[index] = times[child];
      sequences[index] = sequences[child];
      slots[index] = slots[child];
      index = child;
    }
    times[index] = time;
    sequences[index] = sequence;
    slots[index] = slots[size];
    return slot;
  }

  private grow(): void {
    const { times, sequences, slots } = this;
    const capacity = Math.max(4, times.length * 2);
    this.times = new Float64Array(capacity);
    this.times.set(times);
    this.sequences = new Float64Array(capacity);
    this.sequences.set(sequences);
    this.slots = new Int32Array(capacity);
    this.slots.set(slots);
  }
}

function isBefore(
  times: Float64Array,
  sequences: Float64Array,
  index: number,
  time: number,
  sequence: number,
): boolean {
  return times[index] < time || (times[index] === time && sequences[index] < sequence);
}
