import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuantileSketch, SKETCH_RELATIVE_ERROR } from '../../../src/stats/index.js';

const QUANTILES = [0, 0.05, 0.5, 0.95, 0.99, 1];

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

function expectWithinError(sketch: QuantileSketch, values: readonly number[]): void {
  const sorted = Float64Array.from(values).sort();
  for (const q of QUANTILES) {
    const exact = sorted[Math.floor(q * (sorted.length - 1))];
    const error = Math.abs(sketch.quantile(q) - exact);
    expect(error).toBeLessThanOrEqual(exact * SKETCH_RELATIVE_ERROR * (1 + 1e-9));
  }
}

/** Zero, or twelve powers of ten around a millisecond. */
const latencies = fc.array(
  fc.oneof(
    fc.constant(0),
    fc.double({ min: -6, max: 6, noNaN: true }).map((power) => 10 ** power),
  ),
  { minLength: 1, maxLength: 300 },
);

describe('QuantileSketch', () => {
  it('has no quantile of nothing', () => {
    expect(new QuantileSketch().quantile(0.5)).toBeNaN();
  });

  it('is within its relative error of the exact order statistic', () => {
    fc.assert(fc.property(latencies, (values) => expectWithinError(sketchOf(values), values)));
  });

  it('merged of parts is that of the whole, and leaves the parts alone', () => {
    fc.assert(
      fc.property(latencies, latencies, latencies, (a, b, c) => {
        const merged = new QuantileSketch();
        const parts = [sketchOf(a), sketchOf(b)];
        for (const part of parts) merged.merge(part);
        for (const value of c) merged.add(value);
        expect(merged.count).toBe(a.length + b.length + c.length);
        expectWithinError(merged, [...a, ...b, ...c]);
        expectWithinError(parts[0], a);
        expectWithinError(parts[1], b);
      }),
    );
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (value) => {
    const sketch = new QuantileSketch();
    expect(() => sketch.add(value)).toThrow(RangeError);
    expect(sketch.count).toBe(0);
  });
});
