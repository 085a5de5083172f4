import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../../src/random/index.js';
import { mser5 } from '../../../src/stats/index.js';

/** The definition, evaluated afresh for every cut: no running sums to get wrong. */
function cutByDefinition(values: readonly number[]): number {
  const means: number[] = [];
  for (let i = 0; i + 5 <= values.length; i += 5) {
    means.push(values.slice(i, i + 5).reduce((sum, value) => sum + value, 0) / 5);
  }
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let cut = 0; means.length - cut >= 5; cut++) {
    const kept = means.slice(cut);
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    const error = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length ** 2;
    if (error < least) {
      least = error;
      best = cut;
    }
  }
  return Math.min(best, Math.floor(means.length / 2)) * 5;
}

describe('mser5', () => {
  it('keeps a steady series whole', () => {
    expect(mser5(Array.from({ length: 200 }, () => 7))).toBe(0);
  });

  it('keeps series too short to tell', () => {
    expect(mser5([])).toBe(0);
    expect(mser5([1, 2, 3])).toBe(0);
    expect(mser5(Array.from({ length: 29 }, (_, i) => (i < 5 ? 1000 : 1)))).toBe(0);
  });

  it('by hand: one high batch before five that are alike', () => {
    // Kept whole: sum of squares 75 over 6^2. Without the first batch: 0.
    const values = Array.from({ length: 30 }, (_, i) => (i < 5 ? 10 : 1));
    expect(mser5(values)).toBe(5);
  });

  it('cuts at the end of a start-up that stands out', () => {
    const values = Array.from({ length: 500 }, (_, i) => (i < 50 ? 100 - i : 10 + (i % 3)));
    expect(mser5(values)).toBe(50);
  });

  it('ignores the values after the last whole batch', () => {
    const values = Array.from({ length: 500 }, (_, i) => (i < 50 ? 100 : 10 + (i % 3)));
    expect(mser5([...values, 1e6, 1e6, 1e6, 1e6])).toBe(50);
  });

  it('cuts half of a series that never settles', () => {
    expect(mser5(Array.from({ length: 400 }, (_, i) => i * i))).toBe(200);
  });

  it('is the definition', () => {
    // Whole numbers with a small spread, and longer runs of one value, so that minima lie anywhere.
    const block = fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 12 }));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 20 }), fc.nat(1000), (blocks, seed) => {
        const stream = new RandomStreams(seed, 0).stream('noise');
        const values = blocks.flatMap(([level, length]) =>
          Array.from({ length: length * 3 }, () => level + stream.uniform()),
        );
        expect(mser5(values)).toBe(cutByDefinition(values));
      }),
      { numRuns: 300 },
    );
  });

  it('takes the bias of the start out of an autoregressive series', () => {
    // x = 0.8 x + noise from 100: the bias is below the noise's deviation of 0.48 after some 25 steps.
    const cuts: number[] = [];
    for (let seed = 1; seed <= 50; seed++) {
      const stream = new RandomStreams(seed, 0).stream('noise');
      let x = 100;
      const values = Array.from({ length: 1000 }, () => {
        const present = x;
        x = 0.8 * x + stream.uniform() - 0.5;
        return present;
      });
      cuts.push(mser5(values));
    }
    expect(Math.min(...cuts)).toBeGreaterThanOrEqual(15);
    expect(cuts.sort((a, b) => a - b)[25]).toBeLessThanOrEqual(50);
  });
});
