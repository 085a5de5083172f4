/**
 * Kolmogorov's statistic: the greatest distance between the share of the values at or below x and
 * `cdf(x)`, times the root of their number.
 */
export function kolmogorovDistance(values: readonly number[], cdf: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  let greatest = 0;
  sorted.forEach((value, i) => {
    const probability = cdf(value);
    greatest = Math.max(
      greatest,
      (i + 1) / sorted.length - probability,
      probability - i / sorted.length,
    );
  });
  return greatest * Math.sqrt(sorted.length);
}

/** Exceeded with probability 0.001 by draws from `cdf` (Kolmogorov's limiting distribution). */
export const KOLMOGOROV_LIMIT = 1.9495;
