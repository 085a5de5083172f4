import type { FigureRow } from '../figure.js';
import type { JudgedColumn } from '../primitive-family.js';
import type { ProbeParameters } from '../probes/probe.js';
import { numberIn } from '../row-columns.js';
import { otherCoresOf } from '../wan-lab.js';

const at = numberIn;

const P50: JudgedColumn = { column: 'p50', unit: 'ms', read: 'p50', deviation: 'sd' };
const RATE: JudgedColumn = { column: 'rate', unit: '1/s', read: 'rate' };

/** What a cluster's rows call a client's test. */
export const CLUSTER_TESTS: Readonly<Record<string, string>> = {
  rpc_latency: 'rpc',
  rpc_throughput: 'rpc',
  publish_confirm_persistent: 'confirm',
  'connect+declare_new_queue(process start included)': 'declare',
};
export const CLUSTER_MEMBERS = 3;
/** CPU of the clients in C per call, in ms, for which a cluster's rows have no column. */
const CLIENTS_MS = 0.037;

/** Whether a cluster's test sends messages that are kept on disk. */
export function isPersistent(test: string): boolean {
  return /persistent/.test(test);
}

/** d_cluster_rpc: callers at the first of three members. */
export function clusterOf(row: FigureRow): {
  readonly parameters: ProbeParameters;
  readonly judged: readonly JudgedColumn[];
  readonly calibrates: boolean;
} {
  const test = row.columns.test ?? '';
  const isThroughput = test === 'rpc_throughput';
  return {
    parameters: {
      test: CLUSTER_TESTS[test] ?? test,
      queue: row.columns.queue ?? '',
      members: CLUSTER_MEMBERS,
      interRttMs: at(row, 'inter_rtt_ms'),
      leader: at(row, 'master_node') - 1,
      serverMember: (at(row, 'rpc_server_node') || 1) - 1,
      concurrency: at(row, 'concurrency') || 1,
      confirms: false,
      ...(isPersistent(test) ? { durable: true } : {}),
      otherCores: otherCoresOf(row, (CLIENTS_MS / 1000) * at(row, 'count')),
    },
    judged: isThroughput ? [P50, RATE] : [P50],
    calibrates: at(row, 'inter_rtt_ms') === 0,
  };
}

/** Whether nothing that a caller waits for leaves the first member, wherever the others are. */
function isLocal({ columns }: FigureRow): boolean {
  const { test = '', queue = '', master_node, rpc_server_node } = columns;
  if (Number(master_node) !== 1) return false;
  const kind = CLUSTER_TESTS[test];
  if (kind === 'confirm') return queue === 'classic';
  return kind === 'rpc' && queue !== 'quorum' && Number(rpc_server_node) === 1;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return (sorted[Math.floor(last / 2)] + sorted[Math.ceil(last / 2)]) / 2;
}

/** One row for several of one set-up: the median of each number. */
function medianRow(rows: readonly FigureRow[]): FigureRow {
  const [first] = rows;
  if (rows.length === 1) return first;
  const columns = Object.entries(first.columns).map(([name, text]) => {
    const numbers = rows.map((row) => at(row, name)).filter((value) => !Number.isNaN(value));
    return [name, numbers.length > 0 ? String(medianOf(numbers)) : text];
  });
  const medians = rows.map((row) => at(row, 'p50'));
  const note = `median of ${rows.length} rows of ${Math.min(...medians)} to ${Math.max(...medians)} ms`;
  const inter_rtt_ms = first.columns.inter_rtt_ms ?? '';
  return { ...first, columns: { ...Object.fromEntries(columns), inter_rtt_ms, sd: '', note } };
}

/**
 * Where nothing leaves the callers' member, rows of one test at several distances between members
 * repeat one measurement. Those that judge are one figure, their median.
 */
export function gatherLocalRows(rows: readonly FigureRow[]): FigureRow[] {
  const repeats = new Map<string, FigureRow[]>();
  const others: FigureRow[] = [];
  for (const row of rows) {
    const isRepeat =
      row.source === 'd_cluster_rpc' &&
      isLocal(row) &&
      at(row, 'inter_rtt_ms') > 0 &&
      at(row, 'p50') > 0;
    if (!isRepeat) {
      others.push(row);
      continue;
    }
    const { test, queue, concurrency } = row.columns;
    const key = `${test} ${queue} ${concurrency}`;
    repeats.set(key, [...(repeats.get(key) ?? []), row]);
  }
  return [...others, ...[...repeats.values()].map(medianRow)];
}
