import type { Topology } from '../net/topology.js';
import { wakeMs } from './wan-lab.js';

/** The emulator's own rate, both ways (emulator_iperf3.csv). */
const CAPACITY_BPS = 2.7e9;

/** What a round trip between two namespaces cost with no delay set (emulator_ping.csv). */
const LEAST_RTT_MS = 0.03;

/**
 * Three sites at one round-trip time from each other; the computes stand at one of them. A message that
 * takes its time finds both ends asleep, as in the laboratory of primitives.
 */
export function assembleLab(rttMs: number, computesAt: string, computes: number): Topology {
  const ids = ['a', 'b', 'c'];
  const latencyMs = Math.max(rttMs, LEAST_RTT_MS) / 2 + wakeMs(rttMs);
  const link = (a: number, b: number) => ({
    a,
    b,
    latencyMs,
    capacityBps: CAPACITY_BPS,
    jitterMs: 0,
    lossRate: 0,
    medium: 'wired' as const,
  });
  return {
    name: `laboratory, RTT ${rttMs} ms`,
    attribution: 'OpenStack Zed lab, 2026',
    sites: ids.map((id) => ({
      id,
      name: id,
      tier: 'regional',
      computes: id === computesAt ? computes : 0,
    })),
    links: [link(0, 1), link(1, 2), link(0, 2)],
  };
}
