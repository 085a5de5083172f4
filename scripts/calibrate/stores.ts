import { type Fit, residual } from './fit.js';
import { mean } from './least-squares.js';
import { type MeasuredRow, readMeasured } from './measured.js';

/** CPU of Redis for a command, in ms, by commands a batch: the rows that calibrate the family `redis`. */
function redisRow(rows: readonly MeasuredRow[], op: string, pipeline: number): MeasuredRow {
  const found = rows.find(
    (row) =>
      row.text('op') === op &&
      row.number('pipeline') === pipeline &&
      row.number('client_rtt_ms') === 0 &&
      row.number('connections') === 50,
  );
  if (!found) throw new Error(`e_redis_throughput.csv has no ${op} over 50 connections at RTT 0`);
  return found;
}

/** A batch of n commands costs `batch + n x command`: two equations of GET, then SET by its own. */
export function fitRedis(folder?: string): Fit[] {
  const rows = readMeasured('e_redis_throughput', folder);
  const cpuMs = (op: string, pipeline: number) =>
    redisRow(rows, op, pipeline).number('cpu_us_per_op') / 1000;
  const many = 16;
  const readMs = (many * cpuMs('get', many) - cpuMs('get', 1)) / (many - 1);
  const batchMs = cpuMs('get', 1) - readMs;
  const writeMs = cpuMs('set', many) - batchMs / many;
  const from = 'e_redis_throughput.csv, 50 connections at RTT 0, 1 and 16 commands a batch';
  return [
    { constant: 'cpu-per-batch', value: batchMs, unit: 'ms', from, residuals: [] },
    { constant: 'cpu-per-read', value: readMs, unit: 'ms', from, residuals: [] },
    {
      constant: 'cpu-per-write',
      value: writeMs,
      unit: 'ms',
      from,
      residuals: [residual('set, one a batch, ms', cpuMs('set', 1), batchMs + writeMs)],
    },
  ];
}

/** `sync-per-entry`: two syncs of 0.11 ms of that disk, and the calls around them; not fitted. */
const SYNC_MS = 0.4;
/** The laboratory's client beside its member: its CPU, and the loopback there and back. */
const BESIDE_MS = 0.04;
/** What the emulator takes for a round trip between members with no delay set. */
const LEAST_RTT_MS = 0.034;

/** Round trips between members. */
function roundTrips(row: MeasuredRow): number {
  if (row.text('op') === 'getserial') return 0;
  return row.text('leader') === 'local' ? 1 : 2;
}

/** Medians at RTT 0, where nobody sleeps: one request contains the other. A serializable get never travels. */
export function fitEtcd(folder?: string): Fit[] {
  const rows = readMeasured('e_etcd_latency', folder).filter((row) => {
    const rttMs = row.number('rtt_ms');
    return rttMs === 0 || (rttMs === 150 && roundTrips(row) === 0);
  });
  const inMembersMs = (op: string) =>
    mean(
      rows
        .filter((row) => row.text('op') === op)
        .map((row) => row.number('p50') - BESIDE_MS - roundTrips(row) * LEAST_RTT_MS),
    );
  const from =
    'e_etcd_latency.csv, medians at RTT 0 (serializable gets also at 150), leader local and remote, less client and wire';
  const requestMs = inMembersMs('getserial');
  const agreementMs = inMembersMs('get') - requestMs;
  const entryMs = inMembersMs('put') - inMembersMs('get');
  return [
    { constant: 'cpu-per-request', value: requestMs, unit: 'ms', from, residuals: [] },
    { constant: 'cpu-per-agreement', value: agreementMs, unit: 'ms', from, residuals: [] },
    {
      constant: 'cpu-per-entry',
      value: entryMs - SYNC_MS,
      unit: 'ms',
      from: `${from}, less the sync`,
      residuals: [],
    },
  ];
}

/** What waking sleeping members costs each way, in ms: medians at RTT 150 ms beyond those at RTT 0. */
export function peerWakeMs(folder?: string): number {
  const rows = readMeasured('e_etcd_latency', folder).filter((row) => roundTrips(row) > 0);
  const nearMs = (far: MeasuredRow) =>
    rows
      .filter((row) => row.number('rtt_ms') === 0)
      .find((row) => row.text('op') === far.text('op') && row.text('leader') === far.text('leader'))
      ?.number('p50') ?? Number.NaN;
  const far = rows.filter((row) => row.number('rtt_ms') === 150);
  const beyondMs = far.map((row) => row.number('p50') - nearMs(row) - 150 * roundTrips(row));
  const trips = far.map(roundTrips);
  const products = trips.map((count, index) => count * beyondMs[index]);
  return mean(products) / mean(trips.map((count) => count ** 2)) / 2;
}
