import { defineEventKind } from '../../src/kernel/event-kind.js';
import { Simulator } from '../../src/kernel/simulator.js';
import { generators } from '../../src/net/generators.js';
import { Network, TRAFFIC_KINDS } from '../../src/net/network.js';
import { FRAMING_BYTES, HEADER_BYTES } from '../../src/net/tcp.js';
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
 * One message goes to and fro between two sites. First with a constant delay, so that the kernel
 * alone is at work; then through the network, which finds the path, queues and serialises the
 * message on each link of it, and accounts its bytes.
 */

const LATENCY_MS = 1;
const CAPACITY_BPS = 1e9;
const MESSAGE_BYTES = 1000;
const RPC = TRAFFIC_KINDS.indexOf('rpc');

/** What a message costs on a link, headers and framing of its one packet included. */
const LINK_MS = LATENCY_MS + ((MESSAGE_BYTES + HEADER_BYTES + FRAMING_BYTES) * 8000) / CAPACITY_BPS;

/** Two sites with so many links between them: neighbours on a ring, or ten links apart. */
function makeNetwork(simulator: Simulator, hops: number): Network {
  const ring = generators.ring;
  const params = { sites: 2 * hops + 2, latency: `${LATENCY_MS} ms`, capacity: '1 Gbit/s' };
  const topology = ring.generate(ring.params.parse(params));
  return new Network(simulator, topology, {}, new RandomStreams(1, 0));
}

class PingPong {
  readonly simulator = new Simulator();
  private readonly network: Network | undefined;
  private left = 0;

  /** @param hops links between the two sites; 0: no network, a constant delay. */
  constructor(private readonly hops: number) {
    this.network = hops > 0 ? makeNetwork(this.simulator, hops) : undefined;
  }

  /** The message leaves one of the ends, which are site 0 and site `hops`. */
  send(from: number): void {
    const to = this.hops - from;
    const delayMs = this.network
      ? this.network.transitMs(from, to, MESSAGE_BYTES, RPC)
      : LATENCY_MS;
    this.simulator.schedule(delayMs, arrive, this, to);
  }

  arrive(at: number): void {
    if (--this.left > 0) this.send(at);
  }

  run(messages: number): Outcome {
    this.left = messages;
    this.send(0);
    const cpuS = cpuSecondsOf(() => this.simulator.run());
    assertEqual('events fired', this.simulator.eventCount, messages);
    const expectedMs = messages * Math.max(LATENCY_MS, this.hops * LINK_MS);
    assertWithin('end, ms', this.simulator.now / expectedMs, 1 - 1e-9, 1 + 1e-9);
    for (const link of this.network?.results() ?? []) {
      if (link.traffic !== 'rpc' || link.messages === 0) continue;
      assertEqual(`messages on ${link.link}`, link.messages, messages);
      assertEqual(`bytes on ${link.link}`, link.bytes, messages * (MESSAGE_BYTES + HEADER_BYTES));
    }
    return { events: messages, cpuS, answer: this.simulator.now };
  }
}

const arrive = defineEventKind('bench-pingpong', (game: PingPong, at: number) => game.arrive(at));

export const pingpongGroup: BenchGroup = {
  name: 'pingpong',
  cases: (scale): BenchCase[] => {
    const messages = Math.round(1e6 * Math.min(1, scale));
    const prepare = (hops: number) => () => () => new PingPong(hops).run(messages);
    return [
      {
        name: 'pingpong/constant-delay/1M',
        events: messages,
        prepare: prepare(0),
        peer: simgrid('pingpong', ['constant', messages]),
      },
      {
        name: 'pingpong/one-link/1M',
        events: messages,
        ratioTo: 'pingpong/constant-delay/1M',
        prepare: prepare(1),
        peer: simgrid('pingpong', ['links', messages]),
      },
      {
        name: 'pingpong/ten-links/1M',
        events: messages,
        ratioTo: 'pingpong/constant-delay/1M',
        prepare: prepare(10),
      },
    ];
  },
};
