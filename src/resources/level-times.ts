import { NO_FLOATS } from './empty-arrays.js';

/** Levels below this are kept apart; from here on every octave is cut into `PARTS` equal bins. */
const EXACT_LEVELS = 32;
const EXACT_BITS = 5;
const PARTS = 16;

/**
 * Time that a queue spent at each length above 0, for quantiles over time. Lengths up to 31 are
 * exact, longer ones are within 1/32 of their value. The array grows with the longest queue seen,
 * to at most some 450 numbers.
 */
export class LevelTimes {
  private times = NO_FLOATS;

  /** Adds `durationMs` at `level`, an integer from 1 to 2^31 - 1. */
  add(level: number, durationMs: number): void {
    const bin = level < EXACT_LEVELS ? level : binOf(level);
    if (bin >= this.times.length) this.grow(bin);
    this.times[bin] += durationMs;
  }

  /**
   * The least level at or below which `share` of `totalMs` was spent; the time that was not added
   * counts as level 0. NaN where `totalMs` is 0.
   */
  quantile(share: number, totalMs: number): number {
    if (!(totalMs > 0)) return Number.NaN;
    // From the longest queue down: the time at level 0 is nowhere added up.
    let aboveMs = (1 - share) * totalMs;
    for (let bin = this.times.length - 1; bin > 0; bin--) {
      aboveMs -= this.times[bin];
      if (aboveMs < 0) return levelOf(bin);
    }
    return 0;
  }

  reset(): void {
    this.times.fill(0);
  }

  private grow(bin: number): void {
    const times = new Float64Array(Math.max(8, bin + 1, this.times.length * 2));
    times.set(this.times);
    this.times = times;
  }
}

function binOf(level: number): number {
  const octave = 31 - Math.clz32(level);
  const part = level >>> (octave - EXACT_BITS + 1);
  return EXACT_LEVELS + (octave - EXACT_BITS) * PARTS + part - PARTS;
}

/** Middle of a bin. */
function levelOf(bin: number): number {
  if (bin < EXACT_LEVELS) return bin;
  const octave = Math.floor((bin - EXACT_LEVELS) / PARTS) + EXACT_BITS;
  const width = 2 ** (octave - EXACT_BITS + 1);
  const part = ((bin - EXACT_LEVELS) % PARTS) + PARTS;
  return part * width + (width - 1) / 2;
}
