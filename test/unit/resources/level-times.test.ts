import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LevelTimes } from '../../../src/resources/level-times.js';

describe('LevelTimes', () => {
  it('gives the quantiles of a known history', () => {
    const times = new LevelTimes();
    // Of 100 ms: 60 at 0, 30 at 1, 6 at 2, 4 at 7.
    times.add(1, 10);
    times.add(7, 4);
    times.add(2, 6);
    times.add(1, 20);
    expect([0.5, 0.75, 0.95, 0.97, 1].map((share) => times.quantile(share, 100))).toEqual([
      0, 1, 2, 7, 7,
    ]);
    times.reset();
    expect(times.quantile(0.95, 100)).toBe(0);
    expect(times.quantile(0.95, 0)).toBeNaN();
  });

  it('is exact to 31 and within 1/32 above, up to the largest level', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 2 ** 31 - 1 })),
        (level) => {
          const times = new LevelTimes();
          times.add(level, 1);
          const read = times.quantile(0.95, 1);
          if (level < 32) expect(read).toBe(level);
          else expect(Math.abs(read - level)).toBeLessThanOrEqual(level / 32);
        },
      ),
    );
  });
});
