import type { SummaryRow } from '../summary.js';
import { type LatencyScale, latencyScale } from './scales.js';

/** A saturated mean counts for the scale up to this many times the largest other mean. */
const SATURATED_REACH = 2;

/** The axis of latency that all panels of a chart share, so that they can be compared. */
export interface LatencyAxis extends LatencyScale {
  /** Means above this, all of them saturated, are drawn at the far edge: they are off the scale. */
  limitMs: number;
}

/** Ends of the interval that fit the scale; a low end at or below zero has no place on a log scale. */
function extentOf({ mean: { value } }: SummaryRow): number[] {
  const { mean, halfWidth } = value;
  if (!Number.isFinite(halfWidth)) return [mean];
  return [mean, mean + halfWidth, Math.max(mean - halfWidth, mean / 2)];
}

/**
 * Scale for the means and intervals of the rows. The latency of a saturated point grows with the
 * length of the run, so that it must not squeeze the others: one far above them is off the scale.
 *
 * @param range Px of the low end and of the high end.
 * @param reserve Px kept free at the high end for points off the scale, where there are some.
 */
export function latencyAxis(
  rows: readonly SummaryRow[],
  range: [number, number],
  reserve: number,
): LatencyAxis {
  const shown = rows.filter((row) => Number.isFinite(row.mean.value.mean));
  const steady = shown.filter((row) => row.saturatedShare === 0);
  const largest = Math.max(...steady.map((row) => row.mean.value.mean));
  const limitMs = steady.length === 0 ? Number.POSITIVE_INFINITY : SATURATED_REACH * largest;
  const inside = shown.filter((row) => row.saturatedShare === 0 || row.mean.value.mean <= limitMs);
  const [low, high] = range;
  const end = inside.length === shown.length ? high : high - Math.sign(high - low) * reserve;
  return { ...latencyScale(inside.flatMap(extentOf), [low, end]), limitMs };
}

export function isOffScale(axis: LatencyAxis, row: SummaryRow): boolean {
  return row.saturatedShare > 0 && row.mean.value.mean > axis.limitMs;
}

/** What the hollow marks of a chart mean. */
export function saturatedLabel(axis: LatencyAxis, rows: readonly SummaryRow[]): string {
  const some = rows.some((row) => isOffScale(axis, row));
  return some ? 'hollow: saturated (at the edge: off the scale)' : 'hollow: saturated';
}

/** What the whiskers of a chart are, in words. */
export function intervalNote(rows: readonly SummaryRow[]): string {
  const most = Math.max(0, ...rows.map((row) => row.replications));
  if (most < 2) return 'Mean latency of the requests that succeeded. One replication: no interval.';
  return `Mean over ${most} replications of the mean latency of the requests that succeeded; whiskers: 95 % interval.`;
}

export function axisLabel(axis: LatencyAxis): string {
  return `mean latency (${axis.unit}${axis.isLog ? ', log scale' : ''})`;
}
