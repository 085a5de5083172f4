import { defineEventKind } from '../../../src/kernel/event-kind.js';
import { Simulator } from '../../../src/kernel/simulator.js';
import { Network } from '../../../src/net/network.js';
import type { NetworkOptions } from '../../../src/net/network-options.js';
import type { Topology, TopologyLink } from '../../../src/net/topology.js';
import { RandomStreams } from '../../../src/random/index.js';

/** A topology of sites `s0`, `s1`, ... from its links; 1 Gbit/s where a link says nothing. */
export function topologyOf(
  siteCount: number,
  links: readonly ({ a: number; b: number } & Partial<TopologyLink>)[],
): Topology {
  return {
    name: 'test',
    attribution: 'test',
    sites: Array.from({ length: siteCount }, (_, i) => ({
      id: `s${i}`,
      name: `S${i}`,
      tier: 'core' as const,
    })),
    links: links.map((link) => ({
      latencyMs: 1,
      capacityBps: 1e9,
      jitterMs: 0,
      lossRate: 0,
      medium: 'wired' as const,
      ...link,
    })),
  };
}

export interface Bench {
  simulator: Simulator;
  network: Network;
  /** When each transfer arrived, by its argument. */
  arrivedMs: number[];
}

export function bench(
  topology: Topology,
  options: Partial<NetworkOptions> = {},
  seed: string | number = 1,
): Bench {
  const simulator = new Simulator();
  const network = new Network(simulator, topology, options, new RandomStreams(seed, 1));
  return { simulator, network, arrivedMs: [] };
}

export const arrive = defineEventKind('test-arrive', (target: Bench, argument: number) => {
  target.arrivedMs[argument] = target.simulator.now;
});
