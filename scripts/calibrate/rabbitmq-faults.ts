import { type Fit, residual } from './fit.js';
import { leastSquares, mean } from './least-squares.js';
import { type MeasuredRow, readMeasured } from './measured.js';

/** When a killed node was started again, and a partition healed, in s. */
const RESTARTED_S = 15;
const HEALED_S = 110;
/** A client that failed tries again within twice so long; a paused node looks for others. */
const RETRY_S = 0.18;
const PING_S = 0.5;
/** Between two publishes, in s. */
const PAUSE_S = 0.05;

interface Rows {
  readonly kills: (client: string, queue: string) => MeasuredRow[];
  readonly partitions: (client: string, queue: string) => MeasuredRow[];
}

/** Rows that calibrate: the client on node 2, and the plain queue of node 1 after a kill. */
function calibrating(folder?: string): Rows {
  const rows = readMeasured('d_cluster_faults', folder);
  const of = (fault: string) => (client: string, queue: string) =>
    rows
      .filter((row) => row.text('fault') === fault)
      .filter((row) => row.text('client_node') === client && row.text('queue') === queue)
      .sort((a, b) => a.number('inter_rtt_ms') - b.number('inter_rtt_ms'));
  return { kills: of('kill9'), partitions: of('partition') };
}

const rttS = (row: MeasuredRow): number => row.number('inter_rtt_ms') / 1000;
const named = (row: MeasuredRow): string =>
  `${row.text('fault')}, RTT ${row.number('inter_rtt_ms')}, s`;

/** The kernel closes what a killed node had open only after its memory is given back. */
function fitTeardown({ kills }: Rows): Fit {
  const rows = kills('2', 'cl3');
  const value = mean(rows.map((row) => row.number('first_error_s') - rttS(row) / 2));
  return {
    constant: 'teardown-time',
    value: 1000 * value,
    unit: 'ms',
    from: 'd_cluster_faults.csv, kill9, client on node 2, queue on node 3: first refusal less half a round trip',
    residuals: rows.map((row) =>
      residual(named(row), row.number('first_error_s'), value + rttS(row) / 2),
    ),
  };
}

/** All stall when a node joins: the beginning of the longest gap after a kill. */
function fitStart({ kills }: Rows): Fit {
  const rows = kills('2', 'fq2');
  const startS = (row: MeasuredRow) => row.number('last_ok_before_gap_s') - RESTARTED_S;
  const value = mean(rows.map(startS));
  return {
    constant: 'start-time',
    value: 1000 * value,
    unit: 'ms',
    from: 'd_cluster_faults.csv, kill9, client on node 2, queue there: from the restart at 15 s to the stall of its joining',
    residuals: rows.map((row) => residual(named(row), startS(row), value)),
  };
}

/** From joining, or healing, to the first publish into a queue of the node. */
function fitBoot({ kills, partitions }: Rows): Fit[] {
  const joinedS = kills('2', 'fq2').map((row) => row.number('last_ok_before_gap_s'));
  const points = kills('2', 'cl3').map((row, i) => {
    return { row, seconds: row.number('first_ok_after_s') - joinedS[i] - RETRY_S };
  });
  // A node that served again before it was healed was cut off for less than is said of the runs.
  for (const row of partitions('2', 'cl3')) {
    const afterS = row.number('first_ok_after_s') - HEALED_S - PING_S - RETRY_S;
    if (afterS > 0) points.push({ row, seconds: afterS });
  }
  const [bootS, roundTrips] = leastSquares(
    points.map(({ row }) => [1, rttS(row)]),
    points.map(({ seconds }) => seconds),
  );
  const from =
    'd_cluster_faults.csv, client on node 2, queue on node 3: from joining to the first confirm, by RTT';
  return [
    {
      constant: 'boot-time',
      value: 1000 * bootS,
      unit: 'ms',
      from,
      residuals: points.map(({ row, seconds }) =>
        residual(named(row), Number(seconds.toFixed(3)), bootS + roundTrips * rttS(row)),
      ),
    },
    { constant: 'boot-round-trips', value: roundTrips, unit: 'round trips', from, residuals: [] },
  ];
}

function fitStall(rows: readonly MeasuredRow[], confirmRoundTrips: number, of: string): Fit[] {
  const stallS = (row: MeasuredRow) =>
    row.number('longest_gap_s') - PAUSE_S - confirmRoundTrips * rttS(row);
  const [stall, roundTrips] = leastSquares(
    rows.map((row) => [1, rttS(row)]),
    rows.map(stallS),
  );
  const from = `d_cluster_faults.csv, kill9, ${of}: longest gap less the pause and the confirm, by RTT`;
  return [
    {
      constant: 'join-stall-time',
      value: 1000 * stall,
      unit: 'ms',
      from,
      residuals: rows.map((row) =>
        residual(named(row), Number(stallS(row).toFixed(3)), stall + roundTrips * rttS(row)),
      ),
    },
    {
      constant: 'join-stall-round-trips',
      value: roundTrips,
      unit: 'round trips',
      from,
      residuals: [],
    },
  ];
}

/** What a cluster does when members fail; plain queues. */
export function fitRabbitMqFaults(folder?: string): Fit[] {
  const rows = calibrating(folder);
  return [
    fitTeardown(rows),
    fitStart(rows),
    ...fitBoot(rows),
    ...fitStall(rows.kills('1', 'cl1'), 0, 'client on node 1, plain queue there'),
  ];
}

/** The same where queues are replicated. */
export function fitReplicatedStall(folder?: string): Fit[] {
  const rows = calibrating(folder).kills('2', 'fq2');
  return fitStall(rows, 1, 'client on node 2, quorum queue led there');
}
