import type { Fit } from './fit.js';
import { mean } from './least-squares.js';
import { type MeasuredRow, readMeasured } from './measured.js';

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
