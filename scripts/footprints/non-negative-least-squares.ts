/**
 * Coefficients >= 0 that minimise the sum of squares of `weights[k] * (ys[k] - xs[k] . coefficients)`.
 * Coordinate descent: one coefficient at a time to its best value, until nothing moves; the problem is
 * convex, so that ends in the minimum. A column of zeros gets 0.
 */
export function nonNegativeLeastSquares(
  xs: readonly (readonly number[])[],
  ys: readonly number[],
  weights: readonly number[],
): number[] {
  const columns = xs[0].length;
  const coefficients = new Array<number>(columns).fill(0);
  const residuals = [...ys];
  for (let round = 0; round < 100_000; round++) {
    let largestStep = 0;
    for (let column = 0; column < columns; column++) {
      let slope = 0;
      let curvature = 0;
      for (let row = 0; row < ys.length; row++) {
        const weight = weights[row] ** 2;
        slope += weight * xs[row][column] * residuals[row];
        curvature += weight * xs[row][column] ** 2;
      }
      if (curvature === 0) continue;
      const better = Math.max(0, coefficients[column] + slope / curvature);
      const step = better - coefficients[column];
      if (step === 0) continue;
      coefficients[column] = better;
      for (let row = 0; row < ys.length; row++) residuals[row] -= step * xs[row][column];
      largestStep = Math.max(largestStep, Math.abs(step));
    }
    if (largestStep < 1e-9) break;
  }
  return coefficients;
}
