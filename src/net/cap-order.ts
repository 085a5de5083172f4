/** Up to here the built-in sort is as fast. */
const FEW = 64;

const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;
/** Digits of a float64, from the least: 64 bits are six of eleven. */
const PASSES = 6;

/**
 * Puts flows in order of their caps, equal ones in the order in which they came, as the built-in sort
 * does. Sharing out sorts thousands of flows again and again, so it goes digit by digit over the bits
 * of the numbers, which order non-negative floats as they order integers.
 *
 * Cost for F flows: O(F), 20 bytes each that are kept.
 */
export class CapOrder {
  private caps = new Float64Array(0);
  /** The same memory as 32-bit words, the lower first on a little-endian machine. */
  private words = new Uint32Array(0);
  private order = new Uint32Array(0);
  private nextOrder = new Uint32Array(0);
  private readonly counts = new Uint32Array(DIGITS);
  private readonly flows: unknown[] = [];

  sort<Flow extends { capBps: number }>(flows: Flow[]): void {
    const { length } = flows;
    if (length <= FEW || !IS_LITTLE_ENDIAN) {
      flows.sort((x, y) => x.capBps - y.capBps);
      return;
    }
    if (length > this.caps.length) this.grow(length);
    for (let i = 0; i < length; i++) {
      this.caps[i] = flows[i].capBps;
      this.order[i] = i;
      this.flows[i] = flows[i];
    }
    for (let pass = 0; pass < PASSES; pass++) this.distribute(length, pass * DIGIT_BITS);
    for (let i = 0; i < length; i++) {
      flows[i] = this.flows[this.order[i]] as Flow;
      this.flows[this.order[i]] = undefined;
    }
  }

  /** One stable pass over the digit that begins at a bit. */
  private distribute(length: number, bit: number): void {
    const { words, order, nextOrder, counts } = this;
    const word = bit >>> 5;
    const shift = bit & 31;
    const isSplit = shift > 32 - DIGIT_BITS && word === 0;
    const digitOf = (index: number): number => {
      const low = words[2 * index + word] >>> shift;
      return (isSplit ? low | (words[2 * index + 1] << (32 - shift)) : low) & DIGIT_MASK;
    };
    counts.fill(0);
    for (let i = 0; i < length; i++) counts[digitOf(i)]++;
    // All alike in this digit: nothing moves.
    if (counts[digitOf(0)] === length) return;
    let sum = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = counts[digit];
      counts[digit] = sum;
      sum += count;
    }
    for (let i = 0; i < length; i++) {
      const index = order[i];
      nextOrder[counts[digitOf(index)]++] = index;
    }
    this.order = nextOrder;
    this.nextOrder = order;
  }

  private grow(length: number): void {
    const size = 2 ** Math.ceil(Math.log2(length));
    this.caps = new Float64Array(size);
    this.words = new Uint32Array(this.caps.buffer);
    this.order = new Uint32Array(size);
    this.nextOrder = new Uint32Array(size);
  }
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
