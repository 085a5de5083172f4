import type { RunFailure, RunResult } from '../experiment/results.js';
import type { Study } from './study.js';

export type { Study, StudyFactor } from './study.js';

export interface Report {
  /** Folder of the results; made where it does not exist. */
  directory: string;
  study: Study;
  results: readonly RunResult[];
  failures: readonly RunFailure[];
}

export interface SummaryTableOptions {
  /** Columns of the terminal. Default 100. */
  width?: number;
  /** ANSI colours. Default false: plain text. */
  colour?: boolean;
}

/** Writes every output of an experiment; returns the files' paths relative to the directory, sorted. */
export declare function writeReport(report: Report): string[];

/** What a user reads in the terminal after a run. */
export declare function formatSummaryTable(
  study: Study,
  results: readonly RunResult[],
  failures: readonly RunFailure[],
  options?: SummaryTableOptions,
): string;

/** The same as plain data, for `--json`; NaN is null. */
export declare function summaryAsJson(
  study: Study,
  results: readonly RunResult[],
  failures: readonly RunFailure[],
): Record<string, unknown>;
