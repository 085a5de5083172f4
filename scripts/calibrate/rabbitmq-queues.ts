import type { Fit } from './fit.js';
import { leastSquares, mean } from './least-squares.js';
import { type MeasuredRow, readMeasured } from './measured.js';

/** A kind of queue that keeps messages on disk or on several members, as the tables name it. */
interface QueueKind {
  readonly alone: string;
  readonly inCluster: string;
}

const KINDS: Readonly<Record<string, QueueKind>> = {
  'rabbitmq-mirrored': { alone: 'classic_durable_persistent', inCluster: 'classic_mirrored_all' },
  'rabbitmq-quorum': { alone: 'quorum_persistent', inCluster: 'quorum' },
};
/** Members of the measured cluster. */
const CLUSTER = 3;
const TRANSIENT = 'classic_transient';

/** A request's CPU: twice the mean of request and reply, less the reply, which is transient and has no confirm in its queue's kind. */
function fitMessages(kind: QueueKind, folder?: string): Fit[] {
  const rows = readMeasured('c_rpc_cpu_per_message', folder).filter(
    (row) => row.number('confirm') === 1,
  );
  const of = (queue: string): MeasuredRow[] => rows.filter((row) => row.text('queue') === queue);
  const cpuUs = (row: MeasuredRow): number => row.number('broker_cpu_us_per_msg');
  const transientUs = (payload: number): number =>
    mean(
      of(TRANSIENT)
        .filter((row) => row.number('payload') === payload)
        .map(cpuUs),
    );
  const requests = of(kind.alone);
  const [messageUs, kilobyteUs] = leastSquares(
    requests.map((row) => [1, row.number('payload') / 1000]),
    requests.map((row) => 2 * cpuUs(row) - transientUs(row.number('payload'))),
  );
  const from = `c_rpc_cpu_per_message.csv, ${kind.alone}, confirm 1: requests, line through two payloads`;
  return [
    { constant: 'cpu-per-message', value: messageUs / 1000, unit: 'ms', from, residuals: [] },
    { constant: 'cpu-per-kilobyte', value: kilobyteUs / 1000, unit: 'ms/kB', from, residuals: [] },
  ];
}

/** What a confirm takes beyond that of a transient message, at RTT 0. */
function fitStore(kind: QueueKind, folder?: string): Fit {
  const rows = readMeasured('c_confirm', folder).filter((row) => row.number('rtt_ms') === 0);
  const confirmMs = (queue: string): number =>
    mean(rows.filter((row) => row.text('queue') === queue).map((row) => row.number('p50')));
  return {
    constant: 'store-latency',
    value: confirmMs(kind.alone) - confirmMs(TRANSIENT),
    unit: 'ms',
    from: `c_confirm.csv at RTT 0: ${kind.alone} less ${TRANSIENT}`,
    residuals: [],
  };
}

/** CPU of a member that only keeps a copy, per request, at RTT 0. */
function fitReplica(kind: QueueKind, folder?: string): Fit {
  const rows = readMeasured('d_cluster_rpc', folder).filter(
    (row) =>
      row.text('queue') === kind.inCluster &&
      row.text('test') === 'rpc_throughput' &&
      row.number('inter_rtt_ms') === 0 &&
      row.text('master_node') === '1' &&
      row.text('rpc_server_node') === '1',
  );
  return {
    constant: 'cpu-per-replica',
    value: mean(rows.map((row) => (row.number('cpu_node3_s') / row.number('count')) * 1000)),
    unit: 'ms',
    from: `d_cluster_rpc.csv, ${kind.inCluster} at RTT 0, leader and server on node 1: CPU of node 3 per request`,
    residuals: [],
  };
}

/** What members beyond the leader add to a confirm at RTT 0; a mirrored queue's goes round all of them. */
function fitMember(backend: string, kind: QueueKind, folder?: string): Fit {
  const p50 = (rows: readonly MeasuredRow[]): number => mean(rows.map((row) => row.number('p50')));
  const alone = readMeasured('c_confirm', folder).filter(
    (row) => row.number('rtt_ms') === 0 && row.text('queue') === kind.alone,
  );
  const inCluster = readMeasured('d_cluster_rpc', folder).filter(
    (row) =>
      row.text('queue') === kind.inCluster &&
      row.text('test') === 'publish_confirm_persistent' &&
      row.number('inter_rtt_ms') === 0 &&
      row.text('master_node') === '1',
  );
  const steps = backend === 'rabbitmq-mirrored' ? CLUSTER : 1;
  return {
    constant: 'member-latency',
    value: (p50(inCluster) - p50(alone)) / steps,
    unit: 'ms',
    from: `d_cluster_rpc.csv, confirm of ${kind.inCluster} at RTT 0, leader on node 1, less ${kind.alone} of c_confirm.csv`,
    residuals: [],
  };
}

/** Constants in which mirrored and quorum queues differ from classic transient ones. */
export function fitQueues(backend: string, folder?: string): Fit[] {
  const kind = KINDS[backend];
  return [
    ...fitMessages(kind, folder),
    fitStore(kind, folder),
    fitReplica(kind, folder),
    fitMember(backend, kind, folder),
  ];
}
