/** Coefficients of `y = sum of coefficients[j] * x[j]`, by the normal equations. */
export function leastSquares(xs: readonly (readonly number[])[], ys: readonly number[]): number[] {
  const count = xs[0].length;
  const rows = Array.from({ length: count }, (_, i) => [
    ...Array.from({ length: count }, (_, j) => sum(xs.map((x) => x[i] * x[j]))),
    sum(xs.map((x, k) => x[i] * ys[k])),
  ]);
  for (let pivot = 0; pivot < count; pivot++) {
    for (let other = 0; other < count; other++) {
      if (other === pivot) continue;
      const factor = rows[other][pivot] / rows[pivot][pivot];
      for (let j = pivot; j <= count; j++) rows[other][j] -= factor * rows[pivot][j];
    }
  }
  return rows.map((row, i) => row[count] / row[i]);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
