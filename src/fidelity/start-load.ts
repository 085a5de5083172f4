import type { FigureRow } from './figure.js';
import { numberIn } from './row-columns.js';

/**
 * What computes that start for the first time, one after the other, cost (scale.csv, columns
 * `startup_*`): what a start itself takes, and what the computes that are already there do meanwhile.
 */

/** From one start to the next: 47.7 s for the 15 that made 25 of 10 (scale.csv). */
const SECONDS_PER_START = 3.18;

/**
 * A first start alone, from startup_trace.csv (compute_first_start): statements to all databases but
 * Keystone's own, messages of both sides, CPU of the compute. None is fitted to scale.csv.
 */
export const FIRST_STARTS = {
  startup_sql_per_compute: { unit: 'count', alone: 103 },
  startup_msgs_per_compute: { unit: 'count', alone: 28.5 },
  startup_cpu_compute_s: { unit: 's', alone: 2.49 },
} as const;
export type StartMetric = keyof typeof FIRST_STARTS;

/** Starts that a row's time has room for. */
function starts(row: FigureRow): number {
  const seconds = numberIn(row, 'startup_wall_s');
  return seconds > 0 ? Math.round(seconds / SECONDS_PER_START) : 0;
}

/** Whether computes were started for a row. */
export function hasStarts(row: FigureRow): boolean {
  return starts(row) > 0 && numberIn(row, 'startup_cpu_compute_s') > 0;
}

/**
 * A figure of one start.
 * @param idlePerS what all computes of the row do in a second of idleness
 */
export function ofOneStart(
  metric: StartMetric,
  row: FigureRow,
  computes: number,
  idlePerS: number,
): number {
  const present = Math.max(0, computes - starts(row) / 2);
  return FIRST_STARTS[metric].alone + (SECONDS_PER_START * idlePerS * present) / computes;
}
