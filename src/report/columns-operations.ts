import type { OperationResult, RunResult } from '../experiment/results.js';
import { TIME_CATEGORIES, TIME_CATEGORY_MEANINGS } from '../operations/time-split.js';
import { SKETCH_RELATIVE_ERROR } from '../stats/index.js';
import type { Column, Table } from './column.js';
import { compareText, type FactorColumn, leadingColumns } from './factor-columns.js';

/** One operation (or milestone of it) in one run. */
export interface OperationRow {
  run: RunResult;
  operation: OperationResult;
}

const LATENCY = 'time from the start of the request to this milestone, over the ok requests';

function latencyColumn(
  name: string,
  what: string,
  value: (operation: OperationResult) => number,
  formula: string,
): Column<OperationRow> {
  return {
    name,
    unit: 'ms',
    meaning: `${what} of the ${LATENCY}.`,
    formula,
    decimals: 3,
    value: (row) => value(row.operation),
  };
}

function countColumn(
  name: 'started' | 'ok' | 'failed' | 'unfinished',
  meaning: string,
  formula: string,
): Column<OperationRow> {
  return { name, unit: 'count', meaning, formula, value: (row) => row.operation[name] };
}

export function operationsTable(factors: readonly FactorColumn[]): Table<OperationRow> {
  const quantile = `quantile sketch, relative error at most ${100 * SKETCH_RELATIVE_ERROR} %`;
  return {
    file: 'operations.csv',
    about: 'One operation, or one milestone of it, in one run, over the measured interval.',
    columns: [
      ...leadingColumns<OperationRow>(
        factors,
        (row) => row.run,
        (row) => row.run.replication,
      ),
      {
        name: 'operation',
        unit: 'text',
        meaning: 'Operation that users or services asked for.',
        formula: '',
        value: (row) => row.operation.operation,
      },
      {
        name: 'milestone',
        unit: 'text',
        meaning:
          'How far: `accepted` (the API has answered), `active` (the server runs), `done` for an operation without milestones.',
        formula: '',
        value: (row) => row.operation.milestone,
      },
      countColumn('started', 'Requests begun after the warm-up cut.', 'ok + failed + unfinished'),
      countColumn('ok', 'Of these, the requests that reached the milestone.', ''),
      countColumn('failed', 'Of these, the requests that failed (timeout, error, no host).', ''),
      countColumn('unfinished', 'Of these, the requests still under way at the end.', ''),
      latencyColumn('mean_ms', 'Mean', (o) => o.meanMs, 'sum of latencies / ok'),
      latencyColumn('p50_ms', 'Median', (o) => o.p50Ms, quantile),
      latencyColumn('p95_ms', '95th percentile', (o) => o.p95Ms, quantile),
      latencyColumn('p99_ms', '99th percentile', (o) => o.p99Ms, quantile),
      latencyColumn('max_ms', 'Largest', (o) => o.maxMs, ''),
      ...TIME_CATEGORIES.map((category) => ({
        name: `${category}_ms`,
        unit: 'ms',
        meaning: `Mean time of the ok requests spent ${TIME_CATEGORY_MEANINGS[category]}.`,
        formula: 'the time split of a request adds up to its latency',
        decimals: 3,
        value: (row: OperationRow) => row.operation.split[category] ?? Number.NaN,
      })),
    ],
  };
}

/** By design point, replication, operation, milestone. */
export function operationRows(results: readonly RunResult[]): OperationRow[] {
  return results.flatMap((run) =>
    run.operations
      .map((operation) => ({ run, operation }))
      .sort(
        (a, b) =>
          compareText(a.operation.operation, b.operation.operation) ||
          compareText(a.operation.milestone, b.operation.milestone),
      ),
  );
}
