import { confidenceInterval, pairedDifference } from '../stats/index.js';

/** Confidence level of every interval in a report. */
export const CONFIDENCE_LEVEL = 0.95;

/** A mean over replications. NaN mean without values, NaN half-width with fewer than two. */
export interface Interval {
  mean: number;
  halfWidth: number;
  count: number;
}

/** Student t interval of the mean. */
export function intervalOf(values: readonly number[]): Interval {
  const { mean, halfWidth, count } = confidenceInterval(values, CONFIDENCE_LEVEL);
  return { mean, halfWidth, count };
}

/** Student t interval of the mean of here[i] - there[i]. */
export function differenceOf(here: readonly number[], there: readonly number[]): Interval {
  const { mean, halfWidth, count } = pairedDifference(here, there, CONFIDENCE_LEVEL);
  return { mean, halfWidth, count };
}

/**
 * Change of the mean in per cent, with the interval of a ratio estimator for paired values:
 * R = mean(here) / mean(there), standard error of the mean of (here - R x there) / mean(there).
 * Source: W. G. Cochran, Sampling Techniques, 3rd ed., section 2.11 (large-sample variance of R).
 */
export function percentChange(here: readonly number[], there: readonly number[]): Interval {
  const base = intervalOf(there).mean;
  if (!(base > 0)) return { mean: Number.NaN, halfWidth: Number.NaN, count: 0 };
  const ratio = intervalOf(here).mean / base;
  const residuals = intervalOf(here.map((x, index) => (100 * (x - ratio * there[index])) / base));
  return { mean: 100 * (ratio - 1), halfWidth: residuals.halfWidth, count: here.length };
}
