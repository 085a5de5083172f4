/** Share of the values that is kept: those up to the 95th percentile. */
const KEPT = 0.95;
/** Points of the quantile function, for each hundredth. */
const POINTS = 100;

interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation of the values up to a share of them. */
function momentsUpTo(share: number, quantile: (q: number) => number): Moments {
  let sum = 0;
  let squares = 0;
  for (let point = 0; point < POINTS; point++) {
    const value = quantile((share * (point + 0.5)) / POINTS);
    sum += value;
    squares += value * value;
  }
  const mean = sum / POINTS;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / POINTS - mean * mean)) };
}

/**
 * Mean and standard deviation without the values above the 95th percentile, as some sources print
 * them: those of all, times what a sketch of the quantiles says the cut leaves of them. So the
 * sketch's own error of a per cent cancels.
 */
export function trimmedMoments(all: Moments, quantile: (q: number) => number): Moments {
  const whole = momentsUpTo(1, quantile);
  const kept = momentsUpTo(KEPT, quantile);
  return {
    mean: whole.mean > 0 ? (all.mean * kept.mean) / whole.mean : all.mean,
    deviation:
      whole.deviation > 0 ? (all.deviation * kept.deviation) / whole.deviation : all.deviation,
  };
}
