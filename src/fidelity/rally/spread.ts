import { numberIn } from '../row-columns.js';
import type { ReportRow } from './read-report.js';

/** Standard deviations of a normal law from its median to its 95th percentile. */
const TO_95TH = 1.645;
/** Half of a 95 % interval, in standard errors. */
const HALF_WIDTH = 1.96;
/** Standard error of each statistic of n iterations, in standard deviations of one / sqrt(n): normal law. */
const STANDARD_ERRORS: Readonly<Record<string, number>> = {
  mean: 1,
  median: 1.253,
  '95th percentile': 2.113,
};

function sameAction(a: ReportRow, b: ReportRow): boolean {
  return a.action === b.action && a.index === b.index;
}

/** Half of the 95 % interval of what n iterations tell; NaN where their deviation is not to be had. */
function samplingSpread(row: ReportRow, run: readonly ReportRow[]): number {
  const measured = numberIn(row.row, 'value');
  if (row.statistic === 'success') {
    const share = measured / 100;
    return 100 * HALF_WIDTH * Math.sqrt((share * (1 - share)) / row.times);
  }
  const other = (statistic: string) =>
    run.find((one) => sameAction(one, row) && one.statistic === statistic);
  const [median, high] = [other('median'), other('95th percentile')];
  if (!median || !high) return Number.NaN;
  const deviation = (numberIn(high.row, 'value') - numberIn(median.row, 'value')) / TO_95TH;
  const factor = STANDARD_ERRORS[row.statistic] ?? Number.NaN;
  return (HALF_WIDTH * factor * deviation) / Math.sqrt(row.times);
}

/**
 * Half of the interval in which a row's value lies: what its number of iterations tells of it, or,
 * where the report has further runs of the same scenario at the same load, half of their range, if
 * that is more (they differ in what the set-up does not tell).
 */
export function spreadOf(
  row: ReportRow,
  run: readonly ReportRow[],
  series: readonly ReportRow[],
): number {
  const again = series
    .filter((other) => sameAction(other, row) && other.statistic === row.statistic)
    .filter(({ concurrency, rps }) => concurrency === row.concurrency && rps === row.rps)
    .map((other) => numberIn(other.row, 'value'));
  const range = again.length > 1 ? (Math.max(...again) - Math.min(...again)) / 2 : Number.NaN;
  const sampling = samplingSpread(row, run);
  if (Number.isNaN(range)) return sampling;
  return Number.isNaN(sampling) ? range : Math.max(range, sampling);
}
