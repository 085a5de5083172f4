import { busThreads } from './bus-threads.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** A request and its share of replies on the wire, in bytes: 373.6 MB for 119,985 casts. */
const BYTES_A_MESSAGE = 3110;
/** A run ends so long after its clients were told to, in s. */
const ENDING_S = 1;
/** CPU of a message that comes alone at its broker, in ms: no part of what one thread waits for but this. */
const BROKER_MS = 0.5;
const SCHEDULER_CORES = 16;

/** Cycle of one thread in ms: plain queues, mirrored queues; fitted to one fail-over of each. */
const CYCLE_MS = { call: [4.09, 4.55], cast: [1.145, 1.525] } as const;
/** Client's own time of a cycle, in ms, and the request's part of the round trip. */
const OWN_MS = 0.28;
const REQUEST_SHARE = 0.65;

/**
 * One thread on a cluster of which a broker is killed.
 *
 * Casts and notifications are sent again until a broker confirms them: the client sees no error. A
 * call whose client's own broker dies loses its reply, which nobody sends again: the one under way.
 * Parameters: `kind` (`call`, `cast`), `isMirrored`, `losesClientBroker`, `seconds`. Values: `rate`
 * in 1/s, `latency` and `requestLatency` in ms, `sent`, `transfer` in MB, `bandwidth` in MB/s,
 * `duration` in s, `errors`.
 */
export function busFailover(parameters: ProbeParameters, context: ProbeContext): ProbeValues {
  const kind = parameters.kind === 'call' ? 'call' : 'cast';
  const cycleMs = CYCLE_MS[kind][parameters.isMirrored === true ? 1 : 0];
  const load = {
    threads: 1,
    delayMs: cycleMs - BROKER_MS,
    demandMs: BROKER_MS,
    queueMs: 0,
    cores: SCHEDULER_CORES,
    ownMs: OWN_MS,
  };
  const { rate, latency } = busThreads(load, context);
  const duration = Number(parameters.seconds) + ENDING_S;
  const sent = rate * duration;
  const transfer = (sent * BYTES_A_MESSAGE) / 1e6;
  return {
    rate,
    latency,
    requestLatency: REQUEST_SHARE * latency,
    sent,
    transfer,
    bandwidth: transfer / duration,
    duration,
    errors: kind === 'call' && parameters.losesClientBroker === true ? 1 : 0,
  };
}
