import type { RunResult } from '../../experiment/results.js';
import type { PlannedScenario } from '../../experiment/study.js';
import type { WorkloadEntry } from '../../workload/workload-types.js';
import { clientSite, hasRemoteComputes, labScenario } from '../zed-lab.js';

/** Before the measured operation others open the connections and fill the caches. */
const FIRST_MS = 5_000;
/** From the start of one operation to the next: longer than it takes, while tokens stay cached. */
const GAP_MS = 20_000;
const GAP_ROUND_TRIPS = 150;
/** With the databases beyond the WAN. */
const CREATE_ROUND_TRIPS = 900;
const OTHER_ROUND_TRIPS = 420;

function gapMs(operation: string, create: string, placement: string, rttMs: number): number {
  const roundTrips =
    placement !== 'P4'
      ? GAP_ROUND_TRIPS
      : operation === create
        ? CREATE_ROUND_TRIPS
        : OTHER_ROUND_TRIPS;
  return GAP_MS + rttMs * roundTrips;
}

/**
 * What one pass of a compute's periodic tasks sends over the WAN, once a minute: how much more the looks
 * of 12 s at an idle set-up saw that held one (idle_bytes_per_min of P2, P2_labdriver and P4).
 */
const PASS_BYTES = { computes: 100_000, emptyComputes: 29_000, others: 241_000 };
const PASS_EVERY_MS = 60_000;
/** Where only the client or Keystone is remote, services validate their tokens anew: 4 requests in 300 s. */
const TOKENS_BYTES = 22_000;
const TOKENS_EVERY_MS = 300_000;
/** Acknowledgements and address resolution come or not: two frames. */
const LEAST_SPREAD_BYTES = 132;
/** More of a figure than this left open by its spread: judged by agreement. */
const UNSURE = 0.2;

/**
 * Half of a 95 % interval of the bytes of one operation, mean of `count` that took `durationMs`: idle load
 * was looked at once, and whether a pass fell into the operations is chance.
 */
export function bytesSpread(
  { placement, servers }: { placement: string; servers: number },
  count: number,
  durationMs: number,
): number {
  if (placement === 'P1') return LEAST_SPREAD_BYTES;
  const over = (bytes: number, everyMs: number) =>
    LEAST_SPREAD_BYTES + (1.96 * bytes * Math.sqrt((count * durationMs) / everyMs)) / count;
  if (placement === 'P6') return over(TOKENS_BYTES, TOKENS_EVERY_MS);
  const { computes, emptyComputes, others } = PASS_BYTES;
  const own = servers > 0 ? computes : emptyComputes;
  return over(hasRemoteComputes(placement) ? own : others, PASS_EVERY_MS);
}

/** Whether a simulated number agrees, for a figure that idle load leaves too unsure for a relative error. */
export function bytesAgreement(
  measured: number,
  spread: number,
): ((simulated: number) => boolean) | undefined {
  if (spread <= UNSURE * measured) return undefined;
  return (simulated) => Math.abs(simulated - measured) <= spread;
}

/** What came before the measured operation, so that it finds as many servers as the script's did. */
function before(operation: string, create: string): readonly string[] {
  if (operation === 'server-delete') return [create, 'server-delete', create];
  return operation === create ? [create, 'server-delete'] : [operation];
}

/** One operation, without the idle load that the measurement took away, too. */
export function bytesScenario(
  setUp: { placement: string; rttMs: number; run: string; computes: number; servers: number },
  operation: string,
  create: string,
): PlannedScenario {
  const { placement, rttMs, run, computes, servers } = setUp;
  let timeMs = FIRST_MS;
  const at = (name: string, startMs: number): WorkloadEntry => ({
    name: `${name} at ${startMs}`,
    mix: [{ operation: name, weight: 1 }],
    sites: [clientSite(placement)],
    arrivals: { type: 'times', timesMs: [startMs] },
    startMs: 0,
  });
  const workload = before(operation, create).map((name) => {
    const entry = at(name, timeMs);
    timeMs += gapMs(name, create, placement, rttMs);
    return entry;
  });
  workload.push(at(operation, timeMs));
  const planned = labScenario('zed-wan', {
    placement,
    rttMs,
    run,
    computes,
    serversPerCompute: servers,
    workload,
    durationMs: timeMs + gapMs(operation, create, placement, rttMs),
    warmUpMs: timeMs - 1,
  });
  const { footprints } = planned;
  const services = footprints.services.map((own) => ({ ...own, 'periodic-tasks': {} }));
  return { ...planned, footprints: { ...footprints, services } };
}

/** All that crosses between sites in the measured time. */
export function readBytes(result: RunResult): number {
  return result.links.reduce((sum, link) => sum + link.bytes, 0);
}
