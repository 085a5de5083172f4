import { stringify } from 'csv-stringify/sync';
import { fiveDigits as digits, plainTable } from '../report/plain-table.js';
import { nameOf } from './chosen-constants.js';
import type { Calibration, FittedConstant, FittedFigure } from './fit-constants.js';

/** Figures shown; the CSV has all. */
const SHOWN = 30;
/** As near to an end of its range, a constant wants to leave it. */
const EDGE = 0.001;

function errorOf(simulated: number, { figure }: FittedFigure): number {
  return figure.measured === 0 ? Number.NaN : simulated / figure.measured - 1;
}

function percent(share: number): string {
  if (!Number.isFinite(share)) return '';
  return `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;
}

/** Of the absolute errors that there are. */
function median(errors: readonly number[]): number {
  const sorted = errors.map(Math.abs).filter(Number.isFinite);
  sorted.sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** A row for each figure. */
export function calibrationCsv({ figures }: Calibration): string {
  const header = ['family', 'id', 'metric', 'unit', 'measured', 'before', 'after'];
  const body = figures.map(({ figure, before, after }) => [
    figure.family,
    figure.id,
    figure.metric,
    figure.unit,
    ...[figure.measured, before, after].map(digits),
  ]);
  return stringify([header, ...body]);
}

function constantRow(constant: FittedConstant): string[] {
  const { value, fitted, low, high, unit } = constant;
  const isAtEdge = fitted <= low * (1 + EDGE) || fitted >= high * (1 - EDGE);
  return [
    nameOf(constant),
    unit,
    digits(value),
    digits(Number(fitted.toPrecision(3))),
    `${digits(low)} to ${digits(high)}${isAtEdge ? ', at its edge' : ''}`,
  ];
}

/** What the terminal shows: the constants, and the figures that are still furthest off. */
export function formatCalibration(calibration: Calibration): string {
  const { constants, figures, leftOut } = calibration;
  const worst = [...figures].sort(
    (a, b) => Math.abs(errorOf(b.after, b) || 0) - Math.abs(errorOf(a.after, a) || 0),
  );
  const rows = worst
    .slice(0, SHOWN)
    .map((each) => [
      each.figure.id,
      each.figure.metric,
      each.figure.unit,
      digits(each.figure.measured),
      percent(errorOf(each.before, each)),
      percent(errorOf(each.after, each)),
    ]);
  const [before, after] = [
    median(figures.map((each) => errorOf(each.before, each))),
    median(figures.map((each) => errorOf(each.after, each))),
  ];
  const shown = rows.length < figures.length ? `, the ${rows.length} furthest off` : '';
  const rest = leftOut > 0 ? `; ${leftOut} that only agree or not took no part` : '';
  return [
    plainTable(['constant', 'unit', 'before', 'fitted', 'range'], 2, constants.map(constantRow)),
    '',
    plainTable(['figure', 'metric', 'unit', 'measured', 'before', 'after'], 3, rows),
    '',
    `${figures.length} figures that calibrate and depend on them${shown}${rest}`,
    `median error: ${(100 * before).toFixed(1)} % before, ${(100 * after).toFixed(1)} % after`,
  ].join('\n');
}
