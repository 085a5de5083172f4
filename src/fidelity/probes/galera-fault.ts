import type { MemberFault } from '../../cloud/database/galera-membership.js';
import { newGaleraBench } from './galera-bench.js';
import { type ClientWork, GaleraClients } from './galera-clients.js';
import type { Probe, ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** Writers paused so long between two commits, in ms (b_galera_faults.csv). */
const PAUSE_MS = 4;
/** Before the fault, and after it until it is over, in ms. */
const BEFORE_MS = 2000;
const AFTER_MS = 22_000;
/** Slept after healing before anybody looked, in ms. */
const SLEPT_MS = 3000;

/**
 * One writer on every member of a Galera group; the last member is cut off, killed or leaves
 * (`fault`). Further parameters: those of `newGaleraBench`. Values in s after the fault: `gap`, the
 * longest time without a commit on any of the rest, `new view`, `first refusal` at the last member,
 * `synced` after healing or restart; and `errors` of the rest.
 */
export const galeraFault: Probe = (
  parameters: ProbeParameters,
  context: ProbeContext,
): ProbeValues => {
  const bench = newGaleraBench(parameters, context);
  const { simulator, database } = bench;
  const members = Number(parameters.members);
  const last = members - 1;
  const works = Array.from({ length: members }, (_, replica): ClientWork => {
    return {
      replica,
      kind: 'write',
      hotRows: 0,
      serverRetries: 0,
      isMeasured: replica !== last,
      pauseMs: PAUSE_MS,
    };
  });
  const clients = new GaleraClients(bench, works, context.seed);
  const { membership } = database;
  simulator.runFor(BEFORE_MS);
  const faultMs = simulator.now;
  for (const client of clients.clients) client.longestGapMs = 0;
  const fault = parameters.fault as MemberFault;
  membership.fail([last], fault);
  simulator.runFor(AFTER_MS);
  const rest = clients.clients.slice(0, last);
  const refusedMs = clients.firstRefusedMs.get(last);
  const wentOn = rest.every(({ lastOkMs }) => lastOkMs > simulator.now - 5000);
  const backMs = fault === 'partition' ? membership.mergeMs() : membership.rejoinMs(fault);
  return {
    gap: wentOn
      ? Math.max(...rest.map(({ longestGapMs }) => longestGapMs)) / 1000
      : Number.POSITIVE_INFINITY,
    'new view': (membership.viewMs - faultMs) / 1000,
    'first refusal': refusedMs === undefined ? Number.NaN : (refusedMs - faultMs) / 1000,
    synced: Math.max(SLEPT_MS, backMs) / 1000,
    errors: rest.filter(({ work }) => clients.firstRefusedMs.has(work.replica)).length,
  };
};
