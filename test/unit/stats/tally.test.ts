import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tally } from '../../../src/stats/index.js';

function tallyOf(values: readonly number[]): Tally {
  const tally = new Tally();
  for (const value of values) tally.add(value);
  return tally;
}

describe('Tally', () => {
  it('of nothing has no variance and no extremes', () => {
    const tally = new Tally();
    expect(tally.count).toBe(0);
    expect(tally.variance).toBeNaN();
    expect([tally.min, tally.max]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    tally.add(3);
    expect(tally.variance).toBeNaN();
  });

  it('counts by hand', () => {
    const tally = tallyOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(tally).toMatchObject({ count: 8, mean: 5, min: 2, max: 9 });
    expect(tally.variance).toBeCloseTo(32 / 7, 12);
    expect(tally.standardDeviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  it.each([
    ['NumAcc3', 1e6],
    ['NumAcc4', 1e7],
  ])('keeps its digits on %s of the NIST reference datasets', (_, offset) => {
    // 1001 values: the offset + 0.2, then + 0.1 and + 0.3 in turn; certified mean and deviation.
    const values = [offset + 0.2];
    for (let i = 0; i < 500; i++) values.push(offset + 0.1, offset + 0.3);
    const tally = tallyOf(values);
    expect(tally.mean).toBeCloseTo(offset + 0.2, 7);
    expect(tally.standardDeviation).toBeCloseTo(0.1, 8);
  });

  it('merged of parts is that of the whole', () => {
    const list = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(list, list, (a, b) => {
        const merged = tallyOf(a);
        merged.merge(tallyOf(b));
        const whole = tallyOf([...a, ...b]);
        expect([merged.count, merged.min, merged.max]).toEqual([whole.count, whole.min, whole.max]);
        expect(merged.mean).toBeCloseTo(whole.mean, 6);
        if (whole.count > 1) {
          const scale = Math.max(1, whole.variance);
          expect(Math.abs(merged.variance - whole.variance) / scale).toBeLessThan(1e-9);
        }
      }),
    );
  });
});
