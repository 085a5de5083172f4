import { DEFAULT_NETWORK_OPTIONS, type NetworkOptions } from '../net/network-options.js';
import type { Topology } from '../net/topology.js';

/** A pipe between two hosts of the laboratory of primitives. */
export interface Pipe {
  readonly rttMs: number;
  /** 0: no limit but the emulator's. */
  readonly rateMbit: number;
  /** Drop-tail queue in front of a limited pipe. */
  readonly queueBytes: number;
  /** Share of packets lost, each way. */
  readonly loss: number;
}

/** What the emulator carries without a limit: emulator_iperf3.csv at RTT 0. */
const EMULATOR_MBIT = 2733;
/** Its own round trip: emulator_ping.csv at RTT 0, idle. */
const EMULATOR_RTT_MS = 0.034;

/** Two hosts behind the emulator: site 0 and site 1. */
export function twoHosts({ rttMs, rateMbit, queueBytes, loss }: Pipe): {
  topology: Topology;
  options: Partial<NetworkOptions>;
} {
  const capacityBps = 1e6 * (rateMbit > 0 ? rateMbit : EMULATOR_MBIT);
  const topology: Topology = {
    name: 'two hosts',
    attribution: '',
    sites: ['a', 'b'].map((id) => ({ id, name: id, tier: 'core' })),
    links: [
      {
        a: 0,
        b: 1,
        latencyMs: (rttMs + EMULATOR_RTT_MS) / 2,
        capacityBps,
        jitterMs: 0,
        lossRate: loss,
        medium: 'wired',
      },
    ],
  };
  const bufferMs =
    rateMbit > 0 ? (queueBytes * 8000) / capacityBps : DEFAULT_NETWORK_OPTIONS.bufferMs;
  return { topology, options: { bufferMs } };
}
