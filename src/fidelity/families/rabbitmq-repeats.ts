import type { FigureRow } from '../figure.js';
import { numberIn } from '../row-columns.js';
import { CLUSTER_TESTS } from './rabbitmq-cluster.js';

const at = numberIn;

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

function noteOn(rows: readonly FigureRow[]): string {
  const medians = rows.map((row) => at(row, 'p50'));
  return `median of ${rows.length} rows of ${Math.min(...medians)} to ${Math.max(...medians)} ms`;
}

/** One row for several of one set-up: the median of each number. */
function medianRow(rows: readonly FigureRow[]): FigureRow {
  const [first] = rows;
  if (rows.length === 1) return first;
  const columns = Object.entries(first.columns).map(([name, text]) => {
    const numbers = rows.map((row) => at(row, name)).filter((value) => !Number.isNaN(value));
    return [name, numbers.length > 0 ? String(medianOf(numbers)) : text];
  });
  const inter_rtt_ms = first.columns.inter_rtt_ms ?? '';
  const note = noteOn(rows);
  return { ...first, columns: { ...Object.fromEntries(columns), inter_rtt_ms, sd: '', note } };
}

/** Rows that repeat others, by what they share; and the rest. */
function repeatsAmong(
  rows: readonly FigureRow[],
  keyOf: (row: FigureRow) => string | undefined,
): { repeats: FigureRow[][]; others: FigureRow[] } {
  const groups = new Map<string, FigureRow[]>();
  const others: FigureRow[] = [];
  for (const row of rows) {
    const key = at(row, 'p50') > 0 ? keyOf(row) : undefined;
    if (key === undefined) others.push(row);
    else groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return { repeats: [...groups.values()], others };
}

/**
 * Where nothing leaves the callers' member, rows of one test at several distances between members
 * repeat one measurement. Those that judge are one figure, their median.
 */
export function gatherLocalRows(rows: readonly FigureRow[]): FigureRow[] {
  const { repeats, others } = repeatsAmong(rows, (row) => {
    const { test, queue, concurrency } = row.columns;
    const isRepeat = row.source === 'd_cluster_rpc' && isLocal(row) && at(row, 'inter_rtt_ms') > 0;
    return isRepeat ? `${test} ${queue} ${concurrency}` : undefined;
  });
  return [...others, ...repeats.map(medianRow)];
}

/**
 * A cast does not wait for its server: rows of casts with the server at several distances repeat one
 * measurement of the caller's time. Those that judge are one figure, their median; until the server
 * has a cast stays a figure of each row.
 */
export function gatherCasts(rows: readonly FigureRow[]): FigureRow[] {
  const { repeats, others } = repeatsAmong(rows, (row) => {
    const { op, caller_rtt_ms, server_rtt_ms } = row.columns;
    const isRepeat = row.source === 'c_oslo_rpc' && op === 'cast';
    const calibrates = Number(caller_rtt_ms) === 0 && Number(server_rtt_ms) === 0;
    return isRepeat && !calibrates ? `${caller_rtt_ms}` : undefined;
  });
  const gathered = repeats.flatMap((group) => {
    if (group.length === 1) return group;
    const p50 = String(medianOf(group.map((row) => at(row, 'p50'))));
    return group.map((row, index) => {
      const own: Record<string, string> =
        index === 0 ? { p50, sd: '', note: noteOn(group) } : { p50: '' };
      return { ...row, columns: { ...row.columns, ...own } };
    });
  });
  return [...others, ...gathered];
}
