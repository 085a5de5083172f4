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

/** Medians at RTT 0, where nobody sleeps: one request contains the other. */
export function fitEtcd(folder?: string): Fit[] {
  const rows = readMeasured('e_etcd_latency', folder).filter((row) => row.number('rtt_ms') === 0);
  const p50Ms = (op: string) =>
    mean(rows.filter((row) => row.text('op') === op).map((row) => row.number('p50')));
  const from = 'e_etcd_latency.csv, medians at RTT 0, leader local and remote';
  const requestMs = p50Ms('getserial');
  const agreementMs = p50Ms('get') - requestMs;
  const entryMs = p50Ms('put') - p50Ms('get');
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

/** `sync-per-entry`: two syncs of 0.11 ms of that disk, and the calls around them; not fitted. */
const SYNC_MS = 0.4;
