import type { FailedRequests, RunResult } from '../experiment/results.js';
import type { Table } from './column.js';
import { compareText, type FactorColumn, leadingColumns } from './factor-columns.js';

/** Failures of one kind in one run. */
export interface FailedRequestsRow {
  readonly run: RunResult;
  readonly failed: FailedRequests;
}

export function failedRequestsTable(factors: readonly FactorColumn[]): Table<FailedRequestsRow> {
  return {
    file: 'failed-requests.csv',
    about:
      'Requests and periodic tasks of one run that failed for one reason. The file is there only if any did.',
    columns: [
      ...leadingColumns<FailedRequestsRow>(
        factors,
        ({ run }) => run,
        ({ run }) => run.replication,
      ),
      {
        name: 'operation',
        unit: 'text',
        meaning: 'Operation of the users, or `periodic task`.',
        formula: '',
        value: ({ failed }) => failed.operation,
      },
      {
        name: 'reason',
        unit: 'text',
        meaning: 'What broke: a time-out, a limit, no room, a peer that is cut off.',
        formula: '',
        value: ({ failed }) => failed.reason,
      },
      {
        name: 'count',
        unit: 'count',
        meaning: 'Those begun in the measured interval.',
        formula: '',
        value: ({ failed }) => failed.count,
      },
    ],
  };
}

/** By run as they come, then operation and reason. */
export function failedRequestsRows(runs: readonly RunResult[]): FailedRequestsRow[] {
  return runs.flatMap((run) =>
    [...(run.failedRequests ?? [])]
      .sort((a, b) => compareText(a.operation, b.operation) || compareText(a.reason, b.reason))
      .map((failed) => ({ run, failed })),
  );
}
