import type { RunFailure, RunResult } from '../experiment/results.js';
import type { Study } from '../experiment/study-description.js';
import { jsonCell, type Table } from './column.js';
import { sortedRuns } from './columns-runs.js';
import { findings } from './findings.js';
import { summarise } from './summary.js';
import { factorColumnsOf, tablesOf } from './tables.js';

type JsonRow = Record<string, number | string | boolean | null>;

function jsonRows<Row>(table: Table<Row>, rows: readonly Row[]): JsonRow[] {
  return rows.map((row) =>
    Object.fromEntries(table.columns.map((column) => [column.name, jsonCell(column, row)])),
  );
}

/** Plain data for `--json`: the rows of summary.csv and failures.csv under the same names. */
export interface SummaryJson {
  experiment: string;
  question: string;
  seed: string;
  baseline: Record<string, string>;
  findings: string[];
  summary: JsonRow[];
  failures: JsonRow[];
}

export function summaryAsJson(
  study: Study,
  results: readonly RunResult[],
  failures: readonly RunFailure[],
): SummaryJson {
  const tables = tablesOf(factorColumnsOf(study));
  const rows = summarise(study, results, failures);
  return {
    experiment: study.name,
    question: study.question,
    seed: study.seed,
    baseline: study.baseline,
    findings: findings(study, rows, failures, results),
    summary: jsonRows(tables.summary, rows),
    failures: jsonRows(tables.failures, sortedRuns(failures)),
  };
}
