import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network, TRAFFIC_KINDS } from '../../net/network.js';
import { RandomStreams } from '../../random/index.js';
import { twoHosts } from '../wan-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

const IMAGE = TRAFFIC_KINDS.indexOf('image');
const RPC = TRAFFIC_KINDS.indexOf('rpc');

/** More than any stream here carries. */
const ENDLESS_BYTES = 1e12;
/** An ICMP echo with the usual 56 bytes. */
const ECHO_BYTES = 64;

const never = defineEventKind('tcp-stream-over', () => {});

/**
 * What one TCP stream carries in a time, and a ping over the same pipe.
 *
 * Parameters: `rttMs`, `rateMbit` (0: none), `queueBytes`, `loss`, `seconds`.
 * Values: `received` in Mbit/s over these seconds, `ping` in ms.
 */
export function tcpStream(parameters: ProbeParameters, { seed }: ProbeContext): ProbeValues {
  const simulator = new Simulator();
  const { topology, options } = twoHosts({
    rttMs: Number(parameters.rttMs),
    rateMbit: Number(parameters.rateMbit),
    queueBytes: Number(parameters.queueBytes),
    loss: Number(parameters.loss),
  });
  const network = new Network(simulator, topology, options, new RandomStreams(seed, 1));
  const ping = network.transitMs(0, 1, ECHO_BYTES, RPC) + network.transitMs(1, 0, ECHO_BYTES, RPC);
  const seconds = Number(parameters.seconds);
  const stream = network.transfer(0, 1, ENDLESS_BYTES, IMAGE, never, undefined);
  simulator.runUntil(1000 * seconds);
  const sentBytes = ENDLESS_BYTES - network.remainingBytes(stream);
  return { received: (8 * sentBytes) / seconds / 1e6, ping };
}
