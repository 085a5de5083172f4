import { defineEventKind } from '../../src/kernel/event-kind.js';
import { Simulator } from '../../src/kernel/simulator.js';
import { generators } from '../../src/net/generators.js';
import { Network, TRAFFIC_KINDS } from '../../src/net/network.js';
import {
  FRAMING_BYTES,
  HEADER_BYTES,
  INITIAL_WINDOW_BYTES,
  PAYLOAD_SHARE,
} from '../../src/net/tcp.js';
import { RandomStreams } from '../../src/random/index.js';
import {
  assertEqual,
  assertWithin,
  type BenchCase,
  type BenchGroup,
  cpuSecondsOf,
  type Outcome,
} from './bench-case.js';
import { simgrid } from './peers.js';

/*
 * A token goes round a ring of hosts that hang on one switch: from a host to the switch, from there
 * to the next host. As a message of a kilobyte, and as a bulk transfer of a megabyte with TCP's slow
 * start.
 *
 * SimGrid's example of 1000 hosts and 1 MB ends at 9.548 s a round. Its default network takes
 * 13.01 latencies + size / (0.97 bandwidth) a hop, fitted to TCP in a packet simulator; ours steps
 * the window itself and comes to 8.674 s. Its plain model, latency + size / bandwidth, gives 8.1 s.
 */

const LINK_LATENCY_MS = 0.05;
const CAPACITY_BPS = 1e9;
const MESSAGE_BYTES = 1000;
const TOKEN_BYTES = 1e6;
const RPC = TRAFFIC_KINDS.indexOf('rpc');
const IMAGE = TRAFFIC_KINDS.indexOf('image');

const PACKET_MS = ((MESSAGE_BYTES + HEADER_BYTES + FRAMING_BYTES) * 8000) / CAPACITY_BPS;

/**
 * A hop of two links. The token of a megabyte leaves ten segments in the first round trip; then the
 * window is more than the links carry, and the rest flows at their payload rate.
 */
export const HOP_MS = {
  constant: 2 * LINK_LATENCY_MS,
  message: 2 * (LINK_LATENCY_MS + PACKET_MS),
  transfer:
    4 * LINK_LATENCY_MS +
    ((TOKEN_BYTES - INITIAL_WINDOW_BYTES) * 8000) / (CAPACITY_BPS * PAYLOAD_SHARE) +
    2 * LINK_LATENCY_MS,
};

type Carriage = keyof typeof HOP_MS;

class TokenRing {
  readonly simulator = new Simulator();
  private readonly network: Network;
  private left = 0;

  constructor(
    private readonly carriage: Carriage,
    private readonly hosts: number,
  ) {
    const star = generators.star;
    const params = { leaves: hosts, latency: `${LINK_LATENCY_MS} ms`, capacity: '1 Gbit/s' };
    const topology = star.generate(star.params.parse(params));
    this.network = new Network(this.simulator, topology, {}, new RandomStreams(1, 0));
  }

  /** Host h is site h + 1; site 0 is the switch. */
  send(from: number): void {
    const to = (from + 1) % this.hosts;
    const { network, simulator, carriage } = this;
    if (carriage === 'transfer') {
      network.transfer(from + 1, to + 1, TOKEN_BYTES, IMAGE, arrive, this, to);
      return;
    }
    const isMessage = carriage === 'message';
    const delayMs = isMessage
      ? network.transitMs(from + 1, to + 1, MESSAGE_BYTES, RPC)
      : HOP_MS.constant;
    simulator.schedule(delayMs, arrive, this, to);
  }

  arrive(at: number): void {
    if (--this.left > 0) this.send(at);
  }

  run(hops: number): Outcome {
    this.left = hops;
    this.send(0);
    const cpuS = cpuSecondsOf(() => this.simulator.run());
    assertEqual('hops left', this.left, 0);
    assertEqual('events pending', this.simulator.pendingCount, 0);
    // A bulk flow ends when all but a hundredth of a byte is sent.
    const expectedMs = hops * HOP_MS[this.carriage];
    assertWithin('end, ms', this.simulator.now / expectedMs, 1 - 1e-7, 1 + 1e-7);
    return { events: hops, cpuS, answer: this.simulator.now };
  }
}

const arrive = defineEventKind('bench-token', (ring: TokenRing, at: number) => ring.arrive(at));

export const ringGroup: BenchGroup = {
  name: 'ring',
  cases: (fullScale): BenchCase[] => {
    const scale = Math.min(1, fullScale);
    const hosts = Math.max(6, Math.round(1000 * scale));
    const ring = (carriage: Carriage, name: string, rounds: number): BenchCase => {
      const hops = hosts * rounds;
      return {
        name: `ring/${name}/1k-hosts`,
        events: hops,
        prepare: () => () => new TokenRing(carriage, hosts).run(hops),
      };
    };
    const transfer = ring('transfer', '1MB-transfer', 50);
    return [
      ring('constant', 'constant-delay', 500),
      { ...ring('message', '1kB-message', 500), ratioTo: 'ring/constant-delay/1k-hosts' },
      {
        ...transfer,
        ratioTo: 'ring/constant-delay/1k-hosts',
        peer: simgrid('ring', [hosts, (transfer.events ?? 0) / hosts]),
      },
    ];
  },
};
