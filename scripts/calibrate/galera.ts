import { type Fit, residual } from './fit.js';
import { leastSquares, median } from './least-squares.js';
import { fitLatency, simpleStatementMs } from './mariadb.js';
import { type MeasuredRow, pingedMs, readMeasured } from './measured.js';

/** Messages in a row until a commit is ordered, in round trips at equal distances; docs/models/galera.md. */
function orderingRoundTrips(nodes: number): number {
  return nodes === 2 ? 1 : 1.5;
}

/** CPU of writer and replicas against commits and time, with the machine's caches warm. */
function commitCpu(folder?: string): Fit[] {
  const rows = readMeasured('b_galera_throughput', folder).filter(
    (row) => row.text('placement') === 'one' && row.number('rtt_ms') > 0,
  );
  const inputs = rows.map((row) => [row.number('count'), row.number('elapsed')]);
  const fitOf = (column: string, lessMs: number, constant: string): Fit => {
    const [each, idle] = leastSquares(
      inputs,
      rows.map((row) => row.number(column)),
    );
    return {
      constant,
      value: each * 1000 - lessMs,
      unit: 'ms',
      from: `b_galera_throughput.csv, all writers on one node, RTT 10 and 50 ms: ${column} against commits and time (${(idle * 1000).toFixed(0)} ms/s without any)`,
      residuals: rows.map((row, i) =>
        residual(
          `${row.text('nodes')} nodes, RTT ${row.text('rtt_ms')}, ${row.text('clients')} writers, s`,
          row.number(column),
          each * inputs[i][0] + idle * inputs[i][1],
        ),
      ),
    };
  };
  return [
    fitOf('writer_cpu_s', simpleStatementMs('update', folder), 'cpu-per-commit'),
    fitOf('replica_cpu_s_mean', 0, 'cpu-per-apply'),
  ];
}

/**
 * What a lone writer waits for beyond the group's messages, hosts that wake for them and CPU: its own,
 * and that of a message on its way out, of the answer and of its acknowledgement.
 */
function commitLatency(cpuPerCommitMs: number, message: readonly Fit[], folder?: string): Fit {
  const rows = readMeasured('b_galera_latency', folder).filter(
    (row) => row.text('op') === 'update' && row.number('rtt_ms') > 0,
  );
  const { wakingMs } = fitLatency(folder);
  const knownMs = (row: MeasuredRow): number =>
    orderingRoundTrips(row.number('nodes')) * (pingedMs(row.number('rtt_ms')) + wakingMs) +
    simpleStatementMs('update', folder) +
    cpuPerCommitMs +
    message[0].value +
    2 * message[1].value;
  const value = median(rows.map((row) => row.number('p50') - knownMs(row)));
  return {
    constant: 'commit-latency',
    value,
    unit: 'ms',
    from: 'b_galera_latency.csv, p50 of updates at RTT 2 to 150 ms and 2, 3, 5 members, less ordering, waking of hosts and CPU: median',
    residuals: rows.map((row) =>
      residual(
        `${row.text('nodes')} members, RTT ${row.text('rtt_ms')}, ms`,
        row.number('p50'),
        knownMs(row) + value,
      ),
    ),
  };
}

/** CPU of the emulator for a message: two frames and their acknowledgement at 4 us each. */
const EMULATOR_MS = 0.01;

/** What a lone writer's commit costs at RTT 0 beside its part of many: a line over the group's messages. */
function messageCpu(commitMs: number, applyMs: number, folder?: string): Fit[] {
  const rows = readMeasured('b_galera_latency', folder).filter(
    (row) => row.text('op') === 'update' && row.number('rtt_ms') === 0,
  );
  const inputs = rows.map((row) => {
    const members = row.number('nodes');
    // An empty answer and an acknowledgement of each to each other.
    return [1, 2 * members * (members - 1)];
  });
  const beyondMs = rows.map((row) => {
    const others = row.number('nodes') - 1;
    const servers =
      row.number('writer_cpu_ms_per_op') + others * row.number('replica_cpu_ms_per_op');
    const emulatorMs = (1000 * row.number('emu_cpu_s')) / row.number('count');
    return servers + emulatorMs - simpleStatementMs('update', folder) - commitMs - others * applyMs;
  });
  const [sentMs, messageMs] = leastSquares(inputs, beyondMs);
  const residuals = rows.map((row, i) =>
    residual(
      `${row.text('nodes')} members, lone writer, ms`,
      beyondMs[i],
      sentMs + messageMs * inputs[i][1],
    ),
  );
  const from =
    'b_galera_latency.csv, updates at RTT 0: CPU of all, less statement, commit and applying';
  return [
    { constant: 'cpu-per-message-sent', value: sentMs, unit: 'ms', from, residuals },
    {
      constant: 'cpu-per-group-message',
      value: messageMs - EMULATOR_MS,
      unit: 'ms',
      from,
      residuals,
    },
  ];
}

export function fitGalera(folder?: string): Fit[] {
  const cpu = commitCpu(folder);
  const message = messageCpu(cpu[0].value, cpu[1].value, folder);
  return [...cpu, commitLatency(cpu[0].value, message, folder), ...message];
}
