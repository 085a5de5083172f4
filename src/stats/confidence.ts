import jstat from 'jstat';
import { Tally } from './tally.js';

/** A mean and how far it may be off. */
export interface ConfidenceInterval {
  readonly mean: number;
  /** NaN below two values. */
  readonly halfWidth: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Quantile of Student's t: `P(T <= t) = probability`. */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  return jstat.studentt.inv(probability, degreesOfFreedom);
}

/**
 * Student's t interval of the mean of independent values. NaN values are left out.
 * @param level share of such intervals that cover the true mean; default 0.95
 */
export function confidenceInterval(values: readonly number[], level = 0.95): ConfidenceInterval {
  const tally = new Tally();
  for (const value of values) if (!Number.isNaN(value)) tally.add(value);
  const { count } = tally;
  const mean = count > 0 ? tally.mean : Number.NaN;
  const halfWidth =
    count > 1
      ? (studentQuantile(0.5 + level / 2, count - 1) * tally.standardDeviation) / Math.sqrt(count)
      : Number.NaN;
  return { mean, halfWidth, low: mean - halfWidth, high: mean + halfWidth, count };
}

/**
 * Interval of the mean of `a[i] - b[i]`: under common random numbers pair i saw the same users, so
 * what they share cancels out. Pairs with a NaN are left out. Throws RangeError for unequal lengths.
 */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  level = 0.95,
): ConfidenceInterval {
  if (a.length !== b.length)
    throw new RangeError(`${a.length} values cannot be paired with ${b.length}`);
  return confidenceInterval(
    a.map((value, i) => value - b[i]),
    level,
  );
}
