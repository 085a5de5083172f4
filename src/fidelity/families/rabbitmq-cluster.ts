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
