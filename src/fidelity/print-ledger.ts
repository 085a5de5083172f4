import { stringify } from 'csv-stringify/sync';
import { fiveDigits as digits, plainTable } from '../report/plain-table.js';
import type { JudgedFigure } from './figure.js';
import type { Judgement } from './judge.js';
import { type ErrorSummary, summariseAll } from './ledger.js';

const COLUMNS = [
  'family',
  'id',
  'metric',
  'unit',
  'measured',
  'spread',
  'simulated',
  'low',
  'high',
  'error',
  'agreement',
  'role',
  'note',
] as const;

function percent(share: number, sign = true): string {
  if (!Number.isFinite(share)) return '';
  const text = (100 * share).toFixed(1);
  return `${sign && share >= 0 ? '+' : ''}${text} %`;
}

function agreementText(agreement: boolean | undefined): string {
  return agreement === undefined ? '' : agreement ? 'yes' : 'no';
}

/** The ledger as CSV: a row for each figure, then the rows that nobody understood. */
export function ledgerCsv({ figures, unread }: Judgement): string {
  const rows = figures.map(({ figure, simulated, low, high, error, agreement, note }) => [
    figure.family,
    figure.id,
    figure.metric,
    figure.unit,
    digits(figure.measured),
    digits(figure.spread),
    digits(simulated),
    digits(low),
    digits(high),
    digits(error),
    agreementText(agreement),
    figure.role,
    note,
  ]);
  const listed = unread.map(({ id, reason }) =>
    COLUMNS.map((column) => (column === 'id' ? id : column === 'note' ? reason : '')),
  );
  return stringify([[...COLUMNS], ...rows, ...listed]);
}

function figureRow({ figure, simulated, low, high, error, agreement }: JudgedFigure): string[] {
  const half = (high - low) / 2;
  return [
    figure.id,
    figure.metric,
    digits(figure.measured),
    `${digits(simulated)}${half > 0 ? ` ± ${digits(half)}` : ''}`,
    figure.unit,
    agreement === undefined ? percent(error) : agreement ? 'agrees' : 'disagrees',
    figure.role === 'calibration' ? 'calibration' : '',
  ];
}

function summaryRow(line: ErrorSummary): string[] {
  return [
    line.name,
    String(line.figures),
    percent(line.median, false),
    percent(line.ninetieth, false),
    percent(line.worst, false),
    line.failures > 0 ? `${percent(line.agreement, false)} of ${line.failures}` : '',
    line.pairs > 0 ? `${percent(line.rankAgreement, false)} of ${line.pairs}` : '',
  ];
}

/** What the terminal shows. */
export function formatLedger(judgement: Judgement): string {
  const { figures, unread } = judgement;
  const families = [...new Set(figures.map(({ figure }) => figure.family))];
  const parts = families.map((family) => {
    const rows = figures.filter(({ figure }) => figure.family === family).map(figureRow);
    const head = ['figure', 'metric', 'measured', 'simulated', 'unit', 'error', 'used for'];
    return `${family}\n${plainTable(head, 2, rows)}`;
  });
  if (unread.length > 0) {
    parts.push(
      ['not understood', ...unread.map(({ id, reason }) => `  ${id}: ${reason}`)].join('\n'),
    );
  }
  const head = [
    'absolute errors',
    'figures',
    'median',
    '90th percentile',
    'worst',
    'zeros and failures alike',
    'pairs ordered alike',
  ];
  parts.push(plainTable(head, 1, summariseAll(figures).map(summaryRow)));
  return parts.join('\n\n');
}
