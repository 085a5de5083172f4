import { DDSketch } from '@datadog/sketches-js';

/** Relative error of every quantile. */
export const SKETCH_RELATIVE_ERROR = 0.01;

/** Quantiles of a stream in constant memory, each within 1 % of the exact one; mergeable (DDSketch). */
export class QuantileSketch {
  private readonly sketch = new DDSketch({ relativeAccuracy: SKETCH_RELATIVE_ERROR });

  get count(): number {
    return this.sketch.count;
  }

  add(value: number): void {
    this.sketch.accept(value);
  }

  /** `q` in [0, 1]; NaN without values. */
  quantile(q: number): number {
    return this.sketch.count === 0 ? Number.NaN : this.sketch.getValueAtQuantile(q);
  }

  merge(other: QuantileSketch): void {
    this.sketch.merge(other.sketch);
  }
}
