import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network, TRAFFIC_KINDS } from '../../net/network.js';
import { RandomStreams } from '../../random/index.js';
import { loadWanWide, type WanWideModel } from '../campaigns.js';
import { twoHosts } from '../wan-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

const IMAGE = TRAFFIC_KINDS.indexOf('image');
const RPC = TRAFFIC_KINDS.indexOf('rpc');
const ENDLESS_BYTES = 1e12;
const ECHO_BYTES = 64;
const SECONDS = 10;

const never = defineEventKind('tenant-stream-over', () => {});

/**
 * A tenant's traffic that crosses the emulated WAN some times each way: a ping while a stream fills
 * the way, and the stream. Parameters: `rttMs` of a crossing, `crossings`, `queue` (name in queue-ms
 * of models/campaigns/wan-wide.yaml, or `none`). Values: `ping` (ms), `received` (Mbit/s over 10 s).
 */
export function tenantPath(parameters: ProbeParameters, { seed }: ProbeContext): ProbeValues {
  const model = loadWanWide();
  const rateBps = model['host-rate-bps'];
  const simulator = new Simulator();
  const pathRttMs = Number(parameters.rttMs) * Number(parameters.crossings);
  const { topology } = twoHosts({
    rttMs: pathRttMs,
    rateMbit: rateBps / 1e6,
    queueBytes: 0,
    loss: 0,
  });
  const options = { maxWindowBytes: model['tcp-window-bytes'] };
  const network = new Network(simulator, topology, options, new RandomStreams(seed, 1));
  const wireMs =
    network.transitMs(0, 1, ECHO_BYTES, RPC) + network.transitMs(1, 0, ECHO_BYTES, RPC);
  const stream = network.transfer(0, 1, ENDLESS_BYTES, IMAGE, never, undefined);
  simulator.runUntil(1000 * SECONDS);
  const sentBps = (8 * (ENDLESS_BYTES - network.remainingBytes(stream))) / SECONDS;
  const queue = String(parameters.queue) as keyof WanWideModel['queue-ms'];
  const queueMs = model['queue-ms'][queue] ?? 0;
  // A stream that its window holds back leaves the way that much emptier.
  return { ping: wireMs + queueMs * Math.min(1, sentBps / rateBps), received: sentBps / 1e6 };
}
