import type { RunFailure, RunResult } from '../experiment/results.js';
import type { Study } from '../experiment/study-description.js';
import { renderCharts } from './charts/render-charts.js';
import { componentRows } from './columns-components.js';
import { failedRequestsRows } from './columns-failed-requests.js';
import { linkRows } from './columns-links.js';
import { operationRows } from './columns-operations.js';
import { sortedRuns } from './columns-runs.js';
import { tableAsCsv } from './csv.js';
import { dictionaryOf } from './dictionary.js';
import { compareText } from './factor-columns.js';
import { summarise } from './summary.js';
import { factorColumnsOf, tablesOf } from './tables.js';
import { type OutputFile, writeFilesWhole } from './write-files.js';

export interface Report {
  /** Folder of the results; made where it does not exist. Other files in it are left alone. */
  directory: string;
  study: Study;
  results: readonly RunResult[];
  failures: readonly RunFailure[];
}

/** The files of a report as text, sorted by path. Pure: the same input, the same bytes. */
export function reportFiles(
  study: Study,
  results: readonly RunResult[],
  failures: readonly RunFailure[],
): OutputFile[] {
  const tables = tablesOf(factorColumnsOf(study));
  const runs = sortedRuns(results);
  const summary = summarise(study, runs, failures);
  const { failures: failuresTable, failedRequests: requestsTable, ...ordinary } = tables;
  const failed = failedRequestsRows(runs);
  const dictionary = dictionaryOf([
    ...Object.values(ordinary),
    ...(failed.length > 0 ? [requestsTable] : []),
    ...(failures.length > 0 ? [failuresTable] : []),
  ]);
  const files: OutputFile[] = [
    { path: 'summary.csv', text: tableAsCsv(tables.summary, summary) },
    { path: 'operations.csv', text: tableAsCsv(tables.operations, operationRows(runs)) },
    { path: 'components.csv', text: tableAsCsv(tables.components, componentRows(runs)) },
    { path: 'links.csv', text: tableAsCsv(tables.links, linkRows(runs)) },
    { path: 'runs.csv', text: tableAsCsv(tables.runs, runs) },
    { path: 'dictionary.csv', text: tableAsCsv(dictionary.table, dictionary.rows) },
    { path: 'provenance.json', text: `${JSON.stringify(study.provenance ?? null, null, 2)}\n` },
    ...renderCharts(study, runs, summary).map(({ name, svg }) => ({
      path: `charts/${name}.svg`,
      text: svg,
    })),
  ];
  if (failed.length > 0) {
    files.push({ path: 'failed-requests.csv', text: tableAsCsv(requestsTable, failed) });
  }
  if (failures.length > 0) {
    files.push({ path: 'failures.csv', text: tableAsCsv(failuresTable, sortedRuns(failures)) });
  }
  return files.sort((a, b) => compareText(a.path, b.path));
}

/**
 * Writes every output of an experiment, whole or not at all, over those of an earlier report in
 * the same folder.
 *
 * @returns Paths of the files relative to the folder, sorted.
 * @throws Error of the file system where the folder cannot be written.
 */
export function writeReport({ directory, study, results, failures }: Report): string[] {
  const files = reportFiles(study, results, failures);
  writeFilesWhole(directory, files, ['charts'], ['failures.csv', 'failed-requests.csv']);
  return files.map((file) => file.path);
}
