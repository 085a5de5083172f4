import { randomNormal } from 'd3-random';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../../src/random/index.js';
import { confidenceInterval, pairedDifference, studentQuantile } from '../../../src/stats/index.js';

describe('studentQuantile', () => {
  // Tables of Student's t, to their last digit.
  it.each([
    [0.975, 1, 12.7062],
    [0.975, 2, 4.3027],
    [0.975, 4, 2.7764],
    [0.975, 9, 2.2622],
    [0.975, 29, 2.0452],
    [0.975, 120, 1.9799],
    [0.95, 5, 2.015],
    [0.995, 1, 63.6567],
    [0.995, 5, 4.0321],
    [0.025, 4, -2.7764],
  ])('of %d with %d degrees of freedom is %d', (probability, degrees, expected) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(expected, 4);
  });

  it('is that of the normal for many degrees of freedom', () => {
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.95996, 4);
  });
});

describe('confidenceInterval', () => {
  it('by hand: 1 to 5', () => {
    const interval = confidenceInterval([1, 2, 3, 4, 5]);
    expect(interval).toMatchObject({ mean: 3, count: 5 });
    // 2.776445 * sqrt(2.5) / sqrt(5)
    expect(interval.halfWidth).toBeCloseTo(1.963243, 6);
    expect(interval.low).toBeCloseTo(3 - 1.963243, 6);
    expect(interval.high).toBeCloseTo(3 + 1.963243, 6);
  });

  it('is wider at a higher level', () => {
    // 4.604095 * sqrt(2.5) / sqrt(5)
    expect(confidenceInterval([1, 2, 3, 4, 5], 0.99).halfWidth).toBeCloseTo(3.255587, 5);
  });

  it('knows no width of one value and no mean of none', () => {
    expect(confidenceInterval([7]).mean).toBe(7);
    expect(confidenceInterval([7]).halfWidth).toBeNaN();
    expect(confidenceInterval([]).mean).toBeNaN();
  });

  it('leaves out what is not a number: a replication without a single request', () => {
    expect(confidenceInterval([1, Number.NaN, 3])).toEqual(confidenceInterval([1, 3]));
  });

  it('covers the mean of five normal values in 95 % of 4000 trials', () => {
    // The count of trials that do is binomial: its standard deviation is 0.34 %, 4 of them 1.4 %.
    const stream = new RandomStreams(1, 0).stream('coverage');
    const draw = randomNormal.source(() => stream.uniform())(10, 3);
    let covered = 0;
    for (let trial = 0; trial < 4000; trial++) {
      const { low, high } = confidenceInterval(Array.from({ length: 5 }, draw));
      if (low <= 10 && 10 <= high) covered++;
    }
    expect(Math.abs(covered / 4000 - 0.95)).toBeLessThan(0.014);
  });
});

describe('pairedDifference', () => {
  it("of Student's sleep data (1908) is 1.58, from 0.7001 to 2.4599", () => {
    const dextro = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const laevo = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const { mean, low, high, count } = pairedDifference(laevo, dextro);
    expect(mean).toBeCloseTo(1.58, 10);
    expect(low).toBeCloseTo(0.7001142, 6);
    expect(high).toBeCloseTo(2.4598858, 6);
    expect(count).toBe(10);
  });

  it('cancels what the pairs share', () => {
    const shared = [10, 200, 3000];
    const { mean, halfWidth } = pairedDifference(
      shared.map((value) => value + 4),
      shared,
    );
    expect([mean, halfWidth]).toEqual([4, 0]);
  });

  it('leaves out pairs of which one is missing', () => {
    const { mean, count } = pairedDifference([1, Number.NaN, 5], [0, 2, 2]);
    expect([mean, count]).toEqual([2, 2]);
  });

  it('refuses lists of different lengths', () => {
    expect(() => pairedDifference([1, 2], [1])).toThrow('2 values cannot be paired with 1');
  });
});
