import type { Probe, ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/**
 * Coefficients of `y = sum of coefficients[j] * x[j]` that make the squared error least, by the
 * normal equations; NaN where the points do not decide them.
 */
export function leastSquares(xs: readonly (readonly number[])[], ys: readonly number[]): number[] {
  const count = xs[0].length;
  const dot = (a: (k: number) => number, b: (k: number) => number) =>
    xs.reduce((sum, _, k) => sum + a(k) * b(k), 0);
  const rows = Array.from({ length: count }, (_, i) => [
    ...Array.from({ length: count }, (_, j) =>
      dot(
        (k) => xs[k][i],
        (k) => xs[k][j],
      ),
    ),
    dot(
      (k) => xs[k][i],
      (k) => ys[k],
    ),
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

/**
 * The law of another probe's value over round-trip times: a line through simulated points.
 *
 * Parameters: `of` (name of that probe), `fixed` (its other parameters), `read` (its value), `axes`:
 * for each slope the parameter that it belongs to and its values in ms, of which every combination
 * is simulated; `copies` of an axis makes its value a list of so many equal ones.
 * Values: `slope0`, `slope1`, ... in round trips, `intercept` in ms.
 */
export function lawOf(probes: Readonly<Record<string, Probe>>): Probe {
  return (parameters: ProbeParameters, context: ProbeContext): ProbeValues => {
    const probe = probes[String(parameters.of)];
    if (!probe) throw new Error(`no law is drawn through points of "${parameters.of}"`);
    const axes = parameters.axes as readonly {
      readonly parameter: string;
      readonly valuesMs: readonly number[];
      readonly copies?: number;
    }[];
    let points: number[][] = [[]];
    for (const { valuesMs } of axes) {
      points = points.flatMap((point) => valuesMs.map((ms) => [...point, ms]));
    }
    const results = points.map((point) => {
      const own: Record<string, ProbeParameters[string]> = {
        ...(parameters.fixed as ProbeParameters),
      };
      for (const [index, { parameter, copies }] of axes.entries()) {
        own[parameter] = copies ? Array.from({ length: copies }, () => point[index]) : point[index];
      }
      return probe(own, context)[String(parameters.read)];
    });
    const coefficients = leastSquares(
      points.map((point) => [...point, 1]),
      results,
    );
    const slopes = axes.map((_, index) => [`slope${index}`, coefficients[index]]);
    return { ...Object.fromEntries(slopes), intercept: coefficients[axes.length] };
  };
}
