import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import type { ConnectionProtocol } from '../../net/connection-setup.js';
import { Network, TRAFFIC_KINDS } from '../../net/network.js';
import { RandomStreams } from '../../random/index.js';
import { twoHosts } from '../wan-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

const IMAGE = TRAFFIC_KINDS.indexOf('image');
const REST = TRAFFIC_KINDS.indexOf('rest');

/** Request of a small object, in bytes; assumption, range 60 to 300: it fits one packet. */
const REQUEST_BYTES = 100;
/** The server's own time for a request, its file in memory: RTT-0 rows without TLS, first byte less connect. */
const SERVER_MS = 0.35;
/** A TLS record is decrypted as a whole: its payload (RFC 8446, section 5.1). */
const TLS_RECORD_BYTES = 16_384;

const PROTOCOLS: Readonly<Record<string, ConnectionProtocol>> = {
  no: 'tcp',
  '1.2': 'tcp-tls-1.2',
  '1.3': 'tcp-tls-1.3',
};

interface Fetch {
  readonly rttMs: number;
  readonly rateMbit: number;
  readonly queueBytes: number;
  readonly loss: number;
  readonly flows: number;
  readonly protocol: ConnectionProtocol;
}

/** Collects when each transfer arrived. */
class Arrivals {
  readonly atMs: number[] = [];
  constructor(readonly simulator: Simulator) {}
}

const arrived = defineEventKind('tcp-fetch-arrived', (arrivals: Arrivals, flow: number) => {
  arrivals.atMs[flow] = arrivals.simulator.now;
});

function networkOf({ rttMs, rateMbit, queueBytes, loss }: Fetch, seed: string) {
  const simulator = new Simulator();
  const { topology, options } = twoHosts({ rttMs, rateMbit, queueBytes, loss });
  return {
    simulator,
    network: new Network(simulator, topology, options, new RandomStreams(seed, 1)),
  };
}

/** Ms until each of so many simultaneous fetches of `bytes` is complete. */
function fetchMs(fetch: Fetch, bytes: number, seed: string): number[] {
  const { simulator, network } = networkOf(fetch, seed);
  // The emulator loses only what the server sends, the simulator's links as much each way: so handshakes
  // pass a pipe that loses as many of them as the emulator, and the request one without loss.
  const pipe = (loss: number) =>
    fetch.loss > 0 ? networkOf({ ...fetch, loss }, seed).network : network;
  const before =
    pipe(fetch.loss / 2).connectMs(0, 1, fetch.protocol, REST) +
    pipe(0).transitMs(0, 1, REQUEST_BYTES, REST) +
    SERVER_MS;
  const arrivals = new Arrivals(simulator);
  for (let flow = 0; flow < fetch.flows; flow++) {
    network.transfer(1, 0, bytes, IMAGE, arrived, arrivals, flow);
  }
  simulator.run();
  return arrivals.atMs.map((ms) => ms + before);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Fetches over fresh connections through one pipe.
 *
 * Parameters: `rttMs`, `rateMbit` (0: no limit but the laboratory's own), `tls` (`no`, `1.2`, `1.3`),
 * `bytes`, `flows` at once, `queueBytes`, `loss` (from server to client) and `repeats`, each with
 * random losses of its own.
 *
 * Values: `connect`, `handshake`, `firstByte` and `total` in ms, `goodput` of a flow and `aggregate`
 * of all (until the last is done) in Mbit/s; means over flows and repeats.
 */
export function tcpFetch(parameters: ProbeParameters, { seed }: ProbeContext): ProbeValues {
  const protocol = PROTOCOLS[String(parameters.tls)];
  if (!protocol) throw new Error(`there is no handshake for tls "${parameters.tls}"`);
  const fetch: Fetch = {
    rttMs: Number(parameters.rttMs),
    rateMbit: Number(parameters.rateMbit),
    queueBytes: Number(parameters.queueBytes),
    loss: Number(parameters.loss),
    flows: Number(parameters.flows),
    protocol,
  };
  const bytes = Number(parameters.bytes);
  const runs = Array.from({ length: Number(parameters.repeats) }, (_, repeat) =>
    fetchMs(fetch, bytes, `${seed}/${repeat}`),
  );
  const mbit = (ms: number) => (8 * bytes) / ms / 1000;
  const { network } = networkOf({ ...fetch, loss: 0 }, seed);
  const first = protocol === 'tcp' ? 1 : TLS_RECORD_BYTES;
  const alone = { ...fetch, flows: 1, loss: 0 };
  return {
    connect: network.connectMs(0, 1, 'tcp', REST),
    handshake: network.connectMs(0, 1, protocol, REST),
    firstByte: fetchMs(alone, Math.min(bytes, first), seed)[0],
    total: mean(runs.flat()),
    goodput: mean(runs.flat().map(mbit)),
    aggregate: mean(runs.map((own) => own.length * mbit(Math.max(...own)))),
  };
}
