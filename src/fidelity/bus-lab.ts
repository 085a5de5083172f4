import type { ProbeParameters } from './probes/probe.js';

/** Calls wait for a reply; casts and notifications do not, and cost the bus the same. */
export type MessageKind = 'call' | 'cast';

/** Cycle of one thread of oslo.messaging's simulator on three nodes with RabbitMQ 3.5 or 3.6 (2015). */
interface Cycle {
  /** Client, server and wire, in ms: cycle at 50 threads less the busiest broker's demand. */
  readonly delayMs: number;
  /** CPU of a cycle at each role's node, in ms, at 50 threads and at 500. */
  readonly demandMs: Readonly<Record<string, readonly [number, number]>>;
  /** One cycle in the queue's process; 0 where the node's CPU is short before. */
  readonly queueMs: number;
  /** Factor of the busiest node's demand with mirrored queues, by the best rate with and without. */
  readonly mirrored: number;
}

/** Cores that the broker's Erlang schedulers take at most: 1479 to 1602 % wherever it was full. */
const SCHEDULER_CORES = 16;
/** Between two calls of a thread, in ms: cycle less latency, 50 and 500 threads. */
const OWN_MS = 2;

/** Fitted to calls and casts at 50 and 500 threads, plain queues. */
export const CYCLES: Readonly<Record<'together' | 'apart', Record<MessageKind, Cycle>>> = {
  together: {
    call: { delayMs: 14.1, demandMs: { both: [2.775, 3.718] }, queueMs: 0, mirrored: 2.13 },
    cast: { delayMs: 5.75, demandMs: { both: [1.65, 2.64] }, queueMs: 0, mirrored: 1.41 },
  },
  apart: {
    call: {
      delayMs: 15.8,
      demandMs: { client: [0.876, 2.221], server: [0.522, 0.921], other: [0.1975, 0.1184] },
      queueMs: 0.066,
      mirrored: 3.05,
    },
    cast: {
      delayMs: 6,
      demandMs: { client: [0.758, 0.874], server: [0.1577, 0.1928], other: [0.1512, 0.0973] },
      queueMs: 0.066,
      mirrored: 3.27,
    },
  },
};

/** CPU of a broker that nobody uses, in cores: slaves beside a busy master, calls at 50 threads. */
export const IDLE_CORES: Readonly<Record<string, number>> = {
  master: 0.058,
  'slave 1': 0.058,
  'slave 2': 0.094,
};
/** Kernel's part of a broker's CPU: calls at 50 and 500 threads on the master. */
export const SYSTEM_SHARE = 0.28;
/** The same of a broker that nobody uses. */
export const IDLE_SYSTEM_SHARE = 0.33;

/**
 * CPU of a cycle: the more threads, the closer to that of many, as connections find the broker's
 * schedulers busy and its caches cold: a line in 1 / threads through 50 and 500.
 */
export function demandAt(threads: number, [few, many]: readonly [number, number]): number {
  const limit = (many - 0.1 * few) / 0.9;
  return Math.max(Math.min(few, many), limit - ((limit - few) * 50) / threads);
}

/** What the threads' probe is given. */
export function rabbitThreads(
  kind: MessageKind,
  isTogether: boolean,
  isMirrored: boolean,
  threads: number,
): ProbeParameters {
  const cycle = CYCLES[isTogether ? 'together' : 'apart'][kind];
  const busiest = demandAt(threads, cycle.demandMs[isTogether ? 'both' : 'client']);
  const factor = isMirrored ? cycle.mirrored : 1;
  return {
    threads,
    delayMs: cycle.delayMs,
    demandMs: busiest * factor,
    queueMs: cycle.queueMs,
    cores: SCHEDULER_CORES,
    ownMs: OWN_MS,
  };
}

/** ZeroMQ without a broker, all on one machine of 24 cores: fitted to 10 and 200 threads of calls, 10 and 170 of casts. */
export function zeroMqThreads(kind: MessageKind, threads: number): ProbeParameters {
  const isCall = kind === 'call';
  return {
    threads,
    delayMs: isCall ? 3.25 : 4.45,
    demandMs: isCall ? 0.87 : 0.75,
    queueMs: 0,
    cores: 24,
    ownMs: isCall ? 0.4 : 4.5,
  };
}
