import { type Fit, residual } from './fit.js';
import { leastSquares, mean, sum } from './least-squares.js';
import { type MeasuredRow, pingedMs, readMeasured } from './measured.js';

/** CPU of OpenStack's statements, one a round trip: more is done for more that comes back. */
function fitStatements(folder?: string): Fit[] {
  const rows = readMeasured('openstack_footprints', folder).filter(
    (row) => row.text('cpu_source') === 'untraced',
  );
  const inputs = (row: MeasuredRow): number[] => [
    row.number('sql_roundtrips'),
    row.number('sql_rx_bytes') / 1000,
  ];
  const cpuMs = (row: MeasuredRow): number => row.number('cpu_mysql') * 1000;
  const [statement, kilobyte] = leastSquares(rows.map(inputs), rows.map(cpuMs));
  const from = 'openstack_footprints.csv, untraced: CPU against round trips and bytes received';
  return [
    {
      constant: 'cpu-per-statement',
      value: statement,
      unit: 'ms',
      from,
      residuals: rows
        .filter((row) => cpuMs(row) > 2)
        .map((row) => {
          const [statements, kilobytes] = inputs(row);
          return residual(
            `${row.text('op')}, ms`,
            cpuMs(row),
            statement * statements + kilobyte * kilobytes,
          );
        }),
    },
    { constant: 'cpu-per-kilobyte', value: kilobyte, unit: 'ms/kB', from, residuals: [] },
  ];
}

/** Mean CPU of an operation on one small table with the server busy, in ms. */
export function simpleStatementMs(operation: string, folder?: string): number {
  const rows = readMeasured('a_mariadb_throughput', folder).filter(
    (row) => row.number('rtt_ms') === 0 && row.text('op') === operation,
  );
  return (
    (sum(rows.map((row) => row.number('server_cpu_s'))) * 1000) /
    sum(rows.map((row) => row.number('count')))
  );
}

const ROUND_TRIPS: Readonly<Record<string, number>> = { select: 1, update: 1, insert: 1, txn: 5 };

/**
 * Median latency = round trips x (RTT + waking of hosts) + CPU + flush of what wrote; rows from RTT
 * 2 ms, where client, emulator and server all sleep while they wait.
 */
export function fitLatency(folder?: string): { wakingMs: number; flush: Fit } {
  const rows = readMeasured('a_mariadb_latency', folder).filter(
    (row) => row.number('rtt_ms') > 0 && row.text('op') in ROUND_TRIPS,
  );
  const trips = (row: MeasuredRow): number => ROUND_TRIPS[row.text('op')];
  const writes = (row: MeasuredRow): number => (row.text('op') === 'select' ? 0 : 1);
  const knownMs = (row: MeasuredRow): number =>
    trips(row) * pingedMs(row.number('rtt_ms')) + simpleStatementMs(row.text('op'), folder);
  const [wakingMs, flushMs] = leastSquares(
    rows.map((row) => [trips(row), writes(row)]),
    rows.map((row) => row.number('p50') - knownMs(row)),
  );
  return {
    wakingMs,
    flush: {
      constant: 'flush-per-commit',
      value: flushMs,
      unit: 'ms',
      from: `a_mariadb_latency.csv, p50 at RTT 2 to 150 ms, with ${wakingMs.toFixed(3)} ms a round trip for waking the lab's hosts`,
      residuals: rows.map((row) =>
        residual(
          `${row.text('op')} at RTT ${row.text('rtt_ms')}, ms`,
          row.number('p50'),
          knownMs(row) + trips(row) * wakingMs + writes(row) * flushMs,
        ),
      ),
    },
  };
}

function fitMemory(folder?: string): Fit[] {
  const rows = readMeasured('openstack_scale', folder);
  const [base, each] = leastSquares(
    rows.map((row) => [1, row.number('mysql_threads')]),
    rows.map((row) => row.number('pss_mysql_mb')),
  );
  const from = 'openstack_scale.csv: resident size against connections (threads)';
  return [
    {
      constant: 'memory-base',
      value: base,
      unit: 'MiB',
      from,
      residuals: rows.map((row) =>
        residual(
          `${row.text('mysql_threads')} threads, MiB`,
          row.number('pss_mysql_mb'),
          base + each * row.number('mysql_threads'),
        ),
      ),
    },
    {
      constant: 'memory-per-connection',
      value: each * 1024,
      unit: 'KiB',
      from,
      residuals: [],
    },
  ];
}

/** Of the OpenStack lab while nobody asks for anything: an independent check of cpu-per-statement. */
export function idleStatementMs(folder?: string): number {
  const rows = readMeasured('openstack_scale', folder);
  const meanRate = mean(rows.map((row) => row.number('sql_questions_per_s')));
  const meanCpu = mean(rows.map((row) => row.number('cpu_mysql')));
  const [slope] = leastSquares(
    rows.map((row) => [row.number('sql_questions_per_s') - meanRate]),
    rows.map((row) => row.number('cpu_mysql') - meanCpu),
  );
  return slope * 1000;
}

export function fitMariaDb(folder?: string): Fit[] {
  return [
    ...fitStatements(folder),
    fitLatency(folder).flush,
    {
      constant: 'cpu-per-connection-setup',
      value: simpleStatementMs('connect', folder),
      unit: 'ms',
      from: 'a_mariadb_throughput.csv, connect at RTT 0: CPU of all over their number',
      residuals: [],
    },
    ...fitMemory(folder),
  ];
}
