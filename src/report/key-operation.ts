import type { Study, StudyFactor } from '../experiment/study-description.js';
import { PLACEMENT_PATH } from './factor-columns.js';
import { type NumericFactor, numericFactors } from './quantity.js';
import type { SummaryRow } from './summary.js';

/** The operation that a first look is about. */
export interface OperationName {
  operation: string;
  milestone: string;
}

export function operationLabel({ operation, milestone }: OperationName): string {
  return milestone === 'done' ? operation : `${operation} (${milestone})`;
}

/** `server-create` until `active` where it was asked for; else what takes longest somewhere. */
export function keyOperation(rows: readonly SummaryRow[]): OperationName | undefined {
  const creates = rows.filter((row) => row.operation === 'server-create');
  const active = creates.filter((row) => row.milestone === 'active');
  const candidates = active.length > 0 ? active : creates.length > 0 ? creates : rows;
  let best: SummaryRow | undefined;
  for (const row of candidates) {
    if (best === undefined || row.mean.value.mean > best.mean.value.mean) best = row;
    else if (Number.isNaN(best.mean.value.mean)) best = row;
  }
  return best && { operation: best.operation, milestone: best.milestone };
}

export function rowsOf(rows: readonly SummaryRow[], name: OperationName): SummaryRow[] {
  return rows.filter((row) => row.operation === name.operation && row.milestone === name.milestone);
}

/** Factors with at least two levels, without the placement. */
export function variedFactors(study: Study): StudyFactor[] {
  return study.factors.filter(
    (factor) => factor.path !== PLACEMENT_PATH && factor.levels.length >= 2,
  );
}

/**
 * The levels that a first look is taken at: those of the baseline, else the one that is 1 (no
 * scaling), else the first; the only one of a factor that is fixed.
 */
export function referenceLevels(study: Study): Record<string, string> {
  return Object.fromEntries(
    study.factors
      .filter((factor) => factor.path !== PLACEMENT_PATH)
      .map((factor) => {
        const unscaled = factor.levels.find((level) => Number(level) === 1);
        return [factor.path, study.baseline[factor.path] ?? unscaled ?? factor.levels[0]];
      }),
  );
}

/** The other end of the study: the last level of every factor. */
export function farthestLevels(study: Study): Record<string, string> {
  return Object.fromEntries(
    study.factors
      .filter((factor) => factor.path !== PLACEMENT_PATH)
      .map((factor) => [factor.path, factor.levels.at(-1) ?? '']),
  );
}

/** Factor that spreads a table's columns: the round-trip time if it varies, else any that does. */
export function columnFactor(study: Study): StudyFactor | undefined {
  const varied = variedFactors(study);
  return varied.find((factor) => /rtt|latency/.test(factor.path)) ?? varied[0];
}

/** The numeric factor that loads the cloud, else the last numeric one. */
export function loadFactor(study: Study): NumericFactor | undefined {
  const numeric = numericFactors(study.factors);
  return (
    numeric.find((factor) => /computes|rate|arrivals|concurrency/.test(factor.path)) ??
    numeric.at(-1)
  );
}
