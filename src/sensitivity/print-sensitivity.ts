import { stringify } from 'csv-stringify/sync';
import { fiveDigits as digits, plainTable } from '../report/plain-table.js';
import type { Sensitivity } from './analyse.js';

/** Constants shown for each placement; the CSV has all. */
const SHOWN = 8;

function bySwing(rows: readonly Sensitivity[]): Sensitivity[] {
  return [...rows].sort((a, b) => Math.abs(b.swing) - Math.abs(a.swing));
}

/** A row for each placement and constant, the strongest first. */
export function sensitivityCsv(rows: readonly Sensitivity[]): string {
  const header = [
    'placement',
    'constant',
    'unit',
    'value',
    'low',
    'high',
    'assumption',
    'base_ms',
    'at_low_ms',
    'at_high_ms',
    'swing_share',
    'morris_mu_star_ms',
    'morris_sigma_ms',
    'source',
  ];
  const body = placements(rows).flatMap((placement) =>
    bySwing(rows.filter((row) => row.placement === placement)).map((row) => [
      row.placement,
      row.constant.name,
      row.constant.unit,
      digits(row.constant.value),
      digits(row.constant.low),
      digits(row.constant.high),
      row.constant.assumption ? 'yes' : 'no',
      digits(row.baseMs),
      digits(row.atLowMs),
      digits(row.atHighMs),
      digits(row.swing),
      digits(row.morrisMuStarMs),
      digits(row.morrisSigmaMs),
      row.constant.source,
    ]),
  );
  return stringify([header, ...body]);
}

function placements(rows: readonly Sensitivity[]): string[] {
  return [...new Set(rows.map(({ placement }) => placement))];
}

function rangeText({ low, high, unit, assumption }: Sensitivity['constant']): string {
  return `${digits(low)} to ${digits(high)} ${unit}${assumption ? ' (assumed)' : ''}`;
}

/** What the terminal shows: the constants that move the latency most, by placement. */
export function formatSensitivity(rows: readonly Sensitivity[], what: string): string {
  const parts = placements(rows).map((placement) => {
    const own = bySwing(rows.filter((row) => row.placement === placement));
    const head = [
      'constant',
      'range',
      'at low, ms',
      'at high, ms',
      'swing',
      'Morris mu*, ms',
      'sigma',
    ];
    const cells = own
      .slice(0, SHOWN)
      .map((row) => [
        row.constant.name,
        rangeText(row.constant),
        row.atLowMs.toFixed(0),
        row.atHighMs.toFixed(0),
        `${(100 * row.swing).toFixed(1)} %`,
        digits(Number(row.morrisMuStarMs.toPrecision(3))),
        digits(Number(row.morrisSigmaMs.toPrecision(3))),
      ]);
    return `${placement}: ${what} takes ${own[0]?.baseMs.toFixed(0)} ms on average\n${plainTable(head, 2, cells)}`;
  });
  return [...parts, verdict(rows)].join('\n\n');
}

/** Whether any constant, anywhere in its range, changes which placement is the fastest. */
function verdict(rows: readonly Sensitivity[]): string {
  const names = placements(rows);
  if (names.length < 2) return 'swing: (at high - at low) / mean, one constant at a time.';
  const first = (read: (row: Sensitivity) => number, constant: string): string => {
    const values = names.map((placement) => {
      const row = rows.find(
        (other) => other.placement === placement && other.constant.name === constant,
      );
      const base = rows.find((other) => other.placement === placement) as Sensitivity;
      return { placement, ms: row ? read(row) : base.baseMs };
    });
    return values.sort((a, b) => a.ms - b.ms)[0].placement;
  };
  const constants = [...new Set(rows.map((row) => row.constant.name))];
  const best = first((row) => row.baseMs, constants[0]);
  const flips = constants.filter(
    (name) =>
      first((row) => row.atLowMs, name) !== best || first((row) => row.atHighMs, name) !== best,
  );
  return flips.length === 0
    ? `No constant alone, anywhere in its range, changes that \`${best}\` is the fastest.`
    : `That \`${best}\` is the fastest rests on: ${flips.join(', ')}.`;
}
