const PRIME_A = 0x9e3779b1;
const PRIME_B = 0x85ebca77;

/**
 * Running hash of the events of a run, 64 bits in two halves that do not wait for each other. Each
 * word is taken by rotate, xor and multiply: order matters, and a hash costs a few nanoseconds.
 */
export class Fingerprint {
  private a = 0x243f6a88;
  private b = 0x13198a2e;

  /** Takes the four words of time and argument at `words[at]`, and the hash of the event's name. */
  add(words: Int32Array, at: number, nameHash: number): void {
    let a = this.a;
    let b = this.b;
    a = Math.imul(((a << 5) | (a >>> 27)) ^ words[at], PRIME_A);
    b = Math.imul(((b << 5) | (b >>> 27)) ^ words[at + 2], PRIME_B);
    a = Math.imul(((a << 5) | (a >>> 27)) ^ words[at + 1], PRIME_A);
    b = Math.imul(((b << 5) | (b >>> 27)) ^ words[at + 3] ^ nameHash, PRIME_B);
    this.a = a;
    this.b = b;
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    const a = mix(this.a ^ (this.b << 16) ^ (this.b >>> 16));
    const b = mix(this.b ^ a);
    return hex(a) + hex(b);
  }
}

/** Spreads every bit over the word (the finaliser of MurmurHash3, public domain). */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
