import type { StudyFactor } from '../experiment/study-description.js';
import { PLACEMENT_PATH } from './factor-columns.js';

/** A factor whose levels are numbers, all with the same unit or all with none. */
export interface NumericFactor extends StudyFactor {
  /** Numbers of the levels, in the order of the levels. */
  values: number[];
  /** Empty where the levels are bare numbers. */
  unit: string;
}

const QUANTITY = /^([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(.*)$/i;

/** The factor as numbers; undefined where the levels are words or have different units. */
export function asNumericFactor(factor: StudyFactor): NumericFactor | undefined {
  const matches = factor.levels.map((level) => QUANTITY.exec(level.trim()));
  const unit = matches[0]?.[2];
  if (unit === undefined || !matches.every((match) => match !== null && match[2] === unit)) {
    return undefined;
  }
  return { ...factor, values: matches.map((match) => Number(match?.[1])), unit };
}

/** Factors that can be the x axis of a chart: at least two levels, all of them numbers. */
export function numericFactors(factors: readonly StudyFactor[]): NumericFactor[] {
  return factors
    .filter((factor) => factor.path !== PLACEMENT_PATH && factor.levels.length >= 2)
    .flatMap((factor) => asNumericFactor(factor) ?? []);
}

/** Title of an axis of this factor, with the unit where there is one. */
export function axisTitle(factor: NumericFactor): string {
  return factor.unit === '' ? factor.label : `${factor.label} (${factor.unit})`;
}
