import { Simulator } from '../../kernel/simulator.js';
import { Network, TRAFFIC_KINDS } from '../../net/network.js';
import { DEFAULT_TOPOLOGY_SETTINGS } from '../../net/topology.js';
import { RandomStreams } from '../../random/index.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

const RPC = TRAFFIC_KINDS.indexOf('rpc');
const ECHO_BYTES = 64;

/** A ping over `cableKm` of fibre. Value: `rtt` in ms. */
export function fibre(parameters: ProbeParameters, { seed }: ProbeContext): ProbeValues {
  const { microsecondsPerKm, defaultCapacityBps } = DEFAULT_TOPOLOGY_SETTINGS;
  const topology = {
    name: 'a cable',
    attribution: '',
    sites: ['a', 'b'].map((id) => ({ id, name: id, tier: 'core' as const })),
    links: [
      {
        a: 0,
        b: 1,
        latencyMs: (Number(parameters.cableKm) * microsecondsPerKm) / 1000,
        capacityBps: defaultCapacityBps,
        jitterMs: 0,
        lossRate: 0,
        medium: 'wired' as const,
      },
    ],
  };
  const network = new Network(new Simulator(), topology, {}, new RandomStreams(seed, 1));
  const rtt = network.transitMs(0, 1, ECHO_BYTES, RPC) + network.transitMs(1, 0, ECHO_BYTES, RPC);
  return { rtt };
}
