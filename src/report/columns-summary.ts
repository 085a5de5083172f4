import type { Column, Table } from './column.js';
import { type FactorColumn, leadingColumns } from './factor-columns.js';
import type { Statistic, SummaryRow } from './summary.js';

const HALF_WIDTH = 't(0.975, n - 1) x s / sqrt(n); empty with one replication';
const RATIO_HALF_WIDTH =
  '100 x t(0.975, n - 1) x s(x - R x baseline) / (sqrt(n) x mean of baseline)';

function column(
  name: string,
  unit: string,
  meaning: string,
  formula: string,
  value: Column<SummaryRow>['value'],
  decimals = 0,
): Column<SummaryRow> {
  return { name, unit, meaning, formula, decimals, value };
}

/** Columns of the mean (prefix ``) or of the 95th percentile (prefix `p95_`). */
function statisticColumns(
  valueName: string,
  prefix: string,
  what: string,
  read: (row: SummaryRow) => Statistic,
): Column<SummaryRow>[] {
  return [
    column(
      `${valueName}_ms`,
      'ms',
      `Mean over the replications of their ${what}.`,
      'sum / number of replications that have one',
      (row) => read(row).value.mean,
      3,
    ),
    column(
      `${valueName}_half_width_ms`,
      'ms',
      `Half-width of its 95 % interval: ${valueName}_ms plus or minus this.`,
      HALF_WIDTH,
      (row) => read(row).value.halfWidth,
      3,
    ),
    column(
      `${prefix}difference_ms`,
      'ms',
      `Paired difference of the ${what} to the baseline; negative is faster. Empty at the baseline; says little where either is saturated.`,
      'mean over replications of (this - baseline), each with the same replication of the baseline',
      (row) => read(row).difference.mean,
      3,
    ),
    column(
      `${prefix}difference_half_width_ms`,
      'ms',
      'Half-width of the 95 % interval of this difference, under common random numbers.',
      HALF_WIDTH,
      (row) => read(row).difference.halfWidth,
      3,
    ),
    column(
      `${prefix}difference_percent`,
      'per cent',
      `The same difference in per cent of the baseline's ${what}.`,
      '100 x (R - 1), R = mean of this / mean of baseline',
      (row) => read(row).percent.mean,
      2,
    ),
    column(
      `${prefix}difference_half_width_percent`,
      'per cent',
      'Half-width of the 95 % interval of this percentage.',
      RATIO_HALF_WIDTH,
      (row) => read(row).percent.halfWidth,
      2,
    ),
  ];
}

function countColumns(): Column<SummaryRow>[] {
  const all = 'sum over the replications';
  return [
    column('started', 'count', 'Requests begun after the warm-up cut.', all, (row) => row.started),
    column('ok', 'count', 'Of these, reached the milestone.', all, (row) => row.ok),
    column('failed', 'count', 'Of these, failed.', all, (row) => row.failed),
    column(
      'unfinished',
      'count',
      'Of these, still under way at the end.',
      all,
      (r) => r.unfinished,
    ),
  ];
}

export function summaryTable(factors: readonly FactorColumn[]): Table<SummaryRow> {
  return {
    file: 'summary.csv',
    about:
      'One operation and milestone at one design point, over its replications, compared with the baseline.',
    columns: [
      ...leadingColumns<SummaryRow>(factors, (row) => row),
      column('operation', 'text', 'As in operations.csv.', '', (row) => row.operation),
      column('milestone', 'text', 'As in operations.csv.', '', (row) => row.milestone),
      column('replications', 'count', 'Runs that finished.', '', (row) => row.replications),
      column(
        'failed_runs',
        'count',
        'Runs that broke off with an error (failures.csv); they are in no other column.',
        '',
        (row) => row.failedRuns,
      ),
      ...countColumns(),
      ...statisticColumns('mean', '', 'mean latency', (row) => row.mean),
      ...statisticColumns('p95', 'p95_', '95th percentile of latency', (row) => row.p95),
      column(
        'pairs',
        'count',
        'Replications that the differences of the mean are taken over.',
        '',
        (row) => row.mean.difference.count,
      ),
      column(
        'saturated',
        'yes or no',
        'Whether any replication was saturated: its queues still grew at the end, so its latencies depend on the length of the run.',
        'saturated_share > 0',
        (row) => row.saturatedShare > 0,
      ),
      column(
        'saturated_share',
        'share',
        'Saturated runs.',
        'saturated runs / replications',
        (row) => row.saturatedShare,
        2,
      ),
      column(
        'saturated_by',
        'text',
        'What still grew, most frequent first.',
        '',
        (row) => row.saturatedBy,
      ),
    ],
  };
}
