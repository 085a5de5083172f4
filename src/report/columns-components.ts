import type { ComponentResult, RunResult } from '../experiment/results.js';
import type { Column, Table } from './column.js';
import { compareText, type FactorColumn, leadingColumns } from './factor-columns.js';

/** One component at one site in one run. */
export interface ComponentRow {
  run: RunResult;
  component: ComponentResult;
}

const IDENTITY: Column<ComponentRow>[] = [
  {
    name: 'component',
    unit: 'text',
    meaning: 'Service group, broker, database or node, by its id in the deployment.',
    formula: '',
    value: (row) => row.component.component,
  },
  {
    name: 'kind',
    unit: 'text',
    meaning: '`service`, `broker`, `database`, `node` or `computes`.',
    formula: '',
    value: (row) => row.component.kind,
  },
  {
    name: 'site',
    unit: 'text',
    meaning: 'Where it is.',
    formula: '',
    value: (row) => row.component.site,
  },
  {
    name: 'instances',
    unit: 'count',
    meaning: 'Copies of it that this row sums up.',
    formula: '',
    value: (row) => row.component.instances,
  },
];

const LOAD: Column<ComponentRow>[] = [
  {
    name: 'utilisation',
    unit: 'share',
    meaning:
      'Busy share of what runs out first: for a service its request slots (waits for others included) or the CPU of its processes, whichever is higher; cores for a broker, database or node.',
    formula: 'busy time / (measured time x capacity)',
    decimals: 5,
    value: (row) => row.component.utilisation,
  },
  {
    name: 'mean_queue_length',
    unit: 'requests',
    meaning: 'Mean number waiting, not counting those in service.',
    formula: 'time-weighted mean',
    decimals: 4,
    value: (row) => row.component.meanQueueLength,
  },
  {
    name: 'p95_queue_length',
    unit: 'requests',
    meaning: 'Number waiting that is not exceeded during 95 % of the time.',
    formula: '',
    decimals: 2,
    value: (row) => row.component.p95QueueLength,
  },
  {
    name: 'rate_per_s',
    unit: 'per second',
    meaning: 'Requests, messages or statements that it handled.',
    formula: 'number / measured time',
    decimals: 4,
    value: (row) => row.component.ratePerS,
  },
  {
    name: 'cpu_s',
    unit: 's',
    meaning: 'CPU time that it used.',
    formula: '',
    decimals: 3,
    value: (row) => row.component.cpuS,
  },
  {
    name: 'memory_bytes',
    unit: 'bytes',
    meaning: 'Memory that it needs; empty where no model says.',
    formula: '',
    value: (row) => row.component.memoryBytes,
  },
  {
    name: 'stale_read_share',
    unit: 'share',
    meaning:
      'Transactions on a follower of a database that came while it was behind the writer; empty for all else.',
    formula: 'transactions while behind / transactions',
    decimals: 5,
    value: (row) => row.component.staleReadShare ?? Number.NaN,
  },
  {
    name: 'replication_lag_ms',
    unit: 'ms',
    meaning: 'Mean time from a commit at the writer until a follower shows it; empty for all else.',
    formula: 'mean over the commits that were applied',
    decimals: 3,
    value: (row) => row.component.replicationLagMs ?? Number.NaN,
  },
];

export function componentsTable(factors: readonly FactorColumn[]): Table<ComponentRow> {
  return {
    file: 'components.csv',
    about:
      'One service group, broker, database or control node in one run, over the measured interval.',
    columns: [
      ...leadingColumns<ComponentRow>(
        factors,
        (row) => row.run,
        (row) => row.run.replication,
      ),
      ...IDENTITY,
      ...LOAD,
    ],
  };
}

/** By design point, replication, kind, component, site. */
export function componentRows(results: readonly RunResult[]): ComponentRow[] {
  return results.flatMap((run) =>
    run.components
      .map((component) => ({ run, component }))
      .sort(
        (a, b) =>
          compareText(a.component.kind, b.component.kind) ||
          compareText(a.component.component, b.component.component) ||
          compareText(a.component.site, b.component.site),
      ),
  );
}
