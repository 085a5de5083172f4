/** Values in a batch. */
const BATCH = 5;

/** Fewest batches that a variance is taken of: a few at the end may be alike by chance. */
const LEAST_KEPT = 5;

/**
 * MSER-5 (White, Cobb and Spratt 2000): how many of the first values belong to the warm-up, a
 * multiple of five. The cut minimises the squared standard error of the mean of what is kept, over
 * means of five values; of equal minima the earliest counts. A minimum in the second half means that
 * the series never settled: then half of it is cut. Fewer than 30 values are all kept.
 */
export function mser5(values: readonly number[]): number {
  const batches = Math.floor(values.length / BATCH);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let count = 0;
  let mean = 0;
  let squares = 0;
  // From the end: one pass gives the variance of every tail.
  for (let batch = batches - 1; batch >= 0; batch--) {
    let sum = 0;
    for (let i = 0; i < BATCH; i++) sum += values[batch * BATCH + i];
    const value = sum / BATCH;
    count++;
    const delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
    if (count < LEAST_KEPT) continue;
    const error = squares / (count * count);
    if (error <= least) {
      least = error;
      best = batch;
    }
  }
  return Math.min(best, Math.floor(batches / 2)) * BATCH;
}
