import { describe, expect, it } from 'vitest';
import { trimmedMoments } from '../../../src/experiment/trimmed-moments.js';

describe('moments without the values above the 95th percentile', () => {
  it('are those of what is left', () => {
    // Uniform from 0 to 100: what is left is uniform from 0 to 95.
    const all = { mean: 50, deviation: 100 / Math.sqrt(12) };
    const { mean, deviation } = trimmedMoments(all, (q) => 100 * q);
    expect(mean).toBeCloseTo(47.5, 6);
    expect(deviation).toBeCloseTo(95 / Math.sqrt(12), 6);
  });

  it('leave alone what does not vary', () => {
    expect(trimmedMoments({ mean: 7, deviation: 0 }, () => 7.02)).toEqual({
      mean: 7,
      deviation: 0,
    });
    expect(trimmedMoments({ mean: 0, deviation: 0 }, () => 0).mean).toBe(0);
  });
});
