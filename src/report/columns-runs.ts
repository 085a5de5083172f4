import type { RunFailure, RunResult } from '../experiment/results.js';
import type { Table } from './column.js';
import { type FactorColumn, leadingColumns } from './factor-columns.js';

export function runsTable(factors: readonly FactorColumn[]): Table<RunResult> {
  return {
    file: 'runs.csv',
    about: 'One run: one design point, one replication, one seed.',
    columns: [
      ...leadingColumns<RunResult>(
        factors,
        (row) => row,
        (row) => row.replication,
      ),
      {
        name: 'saturated',
        unit: 'yes or no',
        meaning:
          'Whether a queue or the number of unfinished requests still grew at the end; the latencies of such a run depend on its length.',
        formula: '',
        value: (row) => row.saturated,
      },
      {
        name: 'saturated_by',
        unit: 'text',
        meaning: 'Component or operation that still grew; empty for a run that is not saturated.',
        formula: '',
        value: (row) => row.saturatedBy,
      },
      {
        name: 'warm_up_ms',
        unit: 'ms',
        meaning: 'Simulated time cut off at the start, as given or as found by MSER-5.',
        formula: '',
        decimals: 3,
        value: (row) => row.warmUpMs,
      },
      {
        name: 'measured_ms',
        unit: 'ms',
        meaning: 'Simulated time of the measured interval.',
        formula: 'duration - warm_up_ms',
        decimals: 3,
        value: (row) => row.measuredMs,
      },
      {
        name: 'events',
        unit: 'count',
        meaning: 'Events that the kernel handled.',
        formula: '',
        value: (row) => row.eventCount,
      },
      {
        name: 'fingerprint',
        unit: 'text',
        meaning: 'Hash of every event; two runs with the same inputs have the same one.',
        formula: 'hash over (time, event kind, entity)',
        value: (row) => row.fingerprint,
      },
    ],
  };
}

export function failuresTable(factors: readonly FactorColumn[]): Table<RunFailure> {
  return {
    file: 'failures.csv',
    about: 'One run that broke off with an error. The file is there only if there is one.',
    columns: [
      ...leadingColumns<RunFailure>(
        factors,
        (row) => row,
        (row) => row.replication,
      ),
      {
        name: 'seed',
        unit: 'text',
        meaning: 'Seed of the run, to repeat it.',
        formula: '',
        value: (row) => row.seed,
      },
      {
        name: 'message',
        unit: 'text',
        meaning: 'The error.',
        formula: '',
        value: (r) => r.message,
      },
    ],
  };
}

/** By design point, then replication. */
export function sortedRuns<Run extends { point: number; replication: number }>(
  runs: readonly Run[],
): Run[] {
  return [...runs].sort((a, b) => a.point - b.point || a.replication - b.replication);
}
