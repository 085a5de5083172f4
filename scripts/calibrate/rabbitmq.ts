import { type Fit, residual } from './fit.js';
import { leastSquares, mean } from './least-squares.js';
import { type MeasuredRow, readMeasured } from './measured.js';

/** Line through the two payloads of the queue type and confirms that OpenStack uses, in us. */
function perMessage(rows: readonly MeasuredRow[]): { messageUs: number; kilobyteUs: number } {
  const used = rows.filter(
    (row) => row.text('queue') === 'classic_transient' && row.number('confirm') === 1,
  );
  const [messageUs, kilobyteUs] = leastSquares(
    used.map((row) => [1, row.number('payload') / 1000]),
    used.map((row) => row.number('broker_cpu_us_per_msg')),
  );
  return { messageUs, kilobyteUs };
}

function fitMessages(folder?: string): Fit[] {
  const { messageUs, kilobyteUs } = perMessage(readMeasured('c_rpc_cpu_per_message', folder));
  const from = 'c_rpc_cpu_per_message.csv, classic_transient, confirm 1: line through two payloads';
  return [
    { constant: 'cpu-per-message', value: messageUs / 1000, unit: 'ms', from, residuals: [] },
    { constant: 'cpu-per-kilobyte', value: kilobyteUs / 1000, unit: 'ms/kB', from, residuals: [] },
  ];
}

/** What one queue passed on is a lower bound of what its one process can: the rest ran beside it. */
function fitQueueShare(folder?: string): Fit {
  const { messageUs, kilobyteUs } = perMessage(readMeasured('c_rpc_cpu_per_message', folder));
  const row = readMeasured('c_oneway', folder).find(
    (one) =>
      one.text('queue') === 'classic_transient' &&
      one.number('confirm') === 1 &&
      one.number('payload') === 1024,
  );
  if (!row) throw new Error('c_oneway.csv has no transient row with confirms at 1024 B');
  const value = 1e6 / row.number('send_rate') / (messageUs + kilobyteUs * 1.024);
  return {
    constant: 'queue-share',
    value,
    unit: 'of the CPU',
    from: 'c_oneway.csv: one queue passed 20,099 messages of 1024 B a second, with the machine full',
    residuals: [],
  };
}

/** CPU of OpenStack's publishes, which come one by one to a broker that sleeps. */
function fitWakeUp(folder?: string): Fit {
  const rows = readMeasured('openstack_footprints', folder).filter(
    (row) => row.text('cpu_source') === 'untraced',
  );
  const { messageUs, kilobyteUs } = perMessage(readMeasured('c_rpc_cpu_per_message', folder));
  const busyMs = (row: MeasuredRow): number =>
    (messageUs * row.number('amqp_publishes') + (kilobyteUs * row.number('amqp_bytes')) / 1000) /
    1000;
  const [value] = leastSquares(
    rows.map((row) => [row.number('amqp_publishes')]),
    rows.map((row) => row.number('cpu_rabbit') * 1000 - busyMs(row)),
  );
  return {
    constant: 'cpu-per-wake-up',
    value,
    unit: 'ms',
    from: 'openstack_footprints.csv, untraced: CPU of the broker beyond that of its messages under load, per publish, through the origin',
    residuals: rows
      .filter((row) => row.number('amqp_publishes') >= 1)
      .map((row) =>
        residual(
          `${row.text('op')}, ms`,
          row.number('cpu_rabbit') * 1000,
          busyMs(row) + value * row.number('amqp_publishes'),
        ),
      ),
  };
}

/** A message that crosses between brokers, beyond the same one that does not. */
function fitHop(folder?: string): Fit {
  const rows = readMeasured('d_cluster_rpc', folder).filter(
    (row) =>
      row.text('queue') === 'classic' &&
      row.text('test') === 'rpc_throughput' &&
      row.number('inter_rtt_ms') <= 10,
  );
  const isLocal = (row: MeasuredRow): boolean =>
    row.text('master_node') === '1' && row.text('rpc_server_node') === '1';
  const localUs = mean(rows.filter(isLocal).map((row) => row.number('cpu_us_per_msg_all')));
  const crossing = rows.filter((row) => !isLocal(row));
  const value = mean(crossing.map((row) => row.number('cpu_us_per_msg_all') - localUs));
  return {
    constant: 'cpu-per-hop',
    value: value / 1000,
    unit: 'ms',
    from: 'd_cluster_rpc.csv, classic, 32 calls outstanding, inter-node RTT 0 and 10 ms: CPU of all brokers per message with one hop, less without',
    residuals: crossing.map((row) =>
      residual(
        `leader ${row.text('master_node')}, server ${row.text('rpc_server_node')}, RTT ${row.text('inter_rtt_ms')}, us`,
        row.number('cpu_us_per_msg_all'),
        localUs + value,
      ),
    ),
  };
}

function fitFanout(folder?: string): Fit {
  // As src/fidelity/families/rabbitmq.ts splits them.
  const rows = readMeasured('c_fanout', folder).filter(
    (row) =>
      row.text('client') === 'C' && row.number('rtt_ms') === 0 && row.number('consumers') >= 50,
  );
  const cpuMs = (row: MeasuredRow): number =>
    (row.number('broker_cpu_s') / row.number('msgs')) * 1000;
  const [base, value] = leastSquares(
    rows.map((row) => [1, row.number('consumers')]),
    rows.map(cpuMs),
  );
  return {
    constant: 'cpu-per-copy',
    value,
    unit: 'ms',
    from: `c_fanout.csv, C client, RTT 0, 50 consumers and more: CPU of one publish against its consumers (intercept ${base.toFixed(2)} ms)`,
    residuals: rows.map((row) =>
      residual(
        `${row.text('consumers')} consumers, RTT ${row.text('rtt_ms')}, ms`,
        cpuMs(row),
        base + value * row.number('consumers'),
      ),
    ),
  };
}

function fitConnections(folder?: string): Fit[] {
  const rows = readMeasured('c_idle_connections', folder);
  const opened = rows.filter((row) => row.number('opened') > 0);
  const [, memory] = leastSquares(
    opened.map((row) => [1, row.number('opened')]),
    opened.map((row) => row.number('rss_after_kib')),
  );
  const idleMsPerS = (row: MeasuredRow): number =>
    (row.number('broker_cpu_s') / row.number('window_s')) * 1000;
  const [base, each] = leastSquares(
    rows.map((row) => [1, row.number('opened')]),
    rows.map(idleMsPerS),
  );
  const [setUpS] = leastSquares(
    opened.map((row) => [row.number('opened')]),
    opened.map((row) => row.number('setup_cpu_s')),
  );
  const from = 'c_idle_connections.csv: line over 0 to 2000 connections';
  return [
    {
      constant: 'memory-per-connection',
      value: memory,
      unit: 'KiB',
      from: 'c_idle_connections.csv: slope of the resident size over 100 to 2000 connections',
      residuals: [],
    },
    {
      constant: 'cpu-idle',
      value: base,
      unit: 'ms/s',
      from,
      residuals: rows.map((row) =>
        residual(
          `${row.text('opened')} connections, ms/s`,
          idleMsPerS(row),
          base + each * row.number('opened'),
        ),
      ),
    },
    { constant: 'cpu-per-idle-connection', value: each * 1000, unit: 'us/s', from, residuals: [] },
    {
      constant: 'cpu-per-connection-setup',
      value: setUpS * 1000,
      unit: 'ms',
      from: 'c_idle_connections.csv: CPU of opening 100 to 2000, through the origin',
      residuals: opened.map((row) =>
        residual(
          `${row.text('opened')} connections, s`,
          row.number('setup_cpu_s'),
          setUpS * row.number('opened'),
        ),
      ),
    },
  ];
}

function fitMemoryBase(memoryPerConnectionKib: number, folder?: string): Fit {
  const rows = readMeasured('openstack_scale', folder);
  const baseOf = (row: MeasuredRow): number =>
    row.number('pss_rabbit_mb') - (row.number('rmq_connections') * memoryPerConnectionKib) / 1024;
  const value = mean(rows.map(baseOf));
  return {
    constant: 'memory-base',
    value,
    unit: 'MiB',
    from: 'openstack_scale.csv: resident size less its connections',
    residuals: rows.map((row) =>
      residual(
        `${row.text('computes')} computes, MiB`,
        row.number('pss_rabbit_mb'),
        value + (row.number('rmq_connections') * memoryPerConnectionKib) / 1024,
      ),
    ),
  };
}

export function fitRabbitMq(folder?: string): Fit[] {
  const connections = fitConnections(folder);
  return [
    ...fitMessages(folder),
    fitQueueShare(folder),
    fitWakeUp(folder),
    fitHop(folder),
    fitFanout(folder),
    ...connections,
    fitMemoryBase(connections[0].value, folder),
  ];
}
