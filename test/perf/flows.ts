import { defineEventKind } from '../../src/kernel/event-kind.js';
import { Simulator } from '../../src/kernel/simulator.js';
import { Network, TRAFFIC_KINDS } from '../../src/net/network.js';
import { HEADER_BYTES, SEGMENT_BYTES } from '../../src/net/tcp.js';
import type { Topology, TopologyLink } from '../../src/net/topology.js';
import { exponential } from '../../src/random/distributions.js';
import { RandomStreams } from '../../src/random/index.js';
import {
  assertEqual,
  assertWithin,
  type BenchCase,
  type BenchGroup,
  cpuSecondsOf,
  type Outcome,
} from './bench-case.js';

/*
 * Bulk transfers that share links: an image goes to many sites at once. Three settings of the same
 * number of transfers: one after the other, so that nothing is shared; all at once over a backbone,
 * where a change of one can reach nearly all others; all at once over separate links, where it
 * reaches those of its link alone, and shares of the rest must not be worked out again.
 */

const TRANSFERS = 10_000;
const SITES = 100;
const MEAN_BYTES = 20e6;
const START_WITHIN_MS = 1000;
const CAPACITY_BPS = 10e9;
const IMAGE = TRAFFIC_KINDS.indexOf('image');

function link(a: number, b: number, latencyMs: number): TopologyLink {
  return { a, b, latencyMs, capacityBps: CAPACITY_BPS, jitterMs: 0, lossRate: 0, medium: 'wired' };
}

function topologyOf(name: string, links: TopologyLink[]): Topology {
  const sites = Array.from({ length: SITES }, (_, index) => ({
    id: `site-${index}`,
    name: `site-${index}`,
    tier: 'regional' as const,
  }));
  return { name, attribution: 'generated', sites, links };
}

/** A ring with a chord from each site: between two sites there are about four links. */
function backbone(streams: RandomStreams): Topology {
  const stream = streams.stream('backbone');
  const latencyMs = () => 1 + 9 * stream.uniform();
  const links: TopologyLink[] = [];
  for (let site = 0; site < SITES; site++) links.push(link(site, (site + 1) % SITES, latencyMs()));
  for (let site = 0; site < SITES; site++) {
    const away = 2 + Math.floor(stream.uniform() * (SITES - 3));
    links.push(link(site, (site + away) % SITES, latencyMs()));
  }
  return topologyOf('backbone', links);
}

/** Each even site has a link to the next, and none else. */
function islands(): Topology {
  const pairs = Array.from({ length: SITES / 2 }, (_, index) => link(2 * index, 2 * index + 1, 5));
  return topologyOf('islands', pairs);
}

type Setting = 'in-turn' | 'backbone' | 'islands';

class Flows {
  readonly simulator = new Simulator();
  private readonly streams = new RandomStreams(1, 0);
  private readonly network: Network;
  private readonly bytes: Float64Array;
  private readonly from: Int32Array;
  private readonly to: Int32Array;
  private delivered = 0;

  constructor(
    private readonly setting: Setting,
    private readonly transfers: number,
  ) {
    const { simulator, streams } = this;
    const topology = setting === 'islands' ? islands() : backbone(streams);
    this.network = new Network(simulator, topology, {}, streams);
    this.bytes = new Float64Array(transfers);
    this.from = new Int32Array(transfers);
    this.to = new Int32Array(transfers);
    const ends = streams.stream('ends');
    const size = exponential(MEAN_BYTES);
    for (let i = 0; i < transfers; i++) {
      const from = Math.floor(ends.uniform() * SITES);
      const away = 1 + Math.floor(ends.uniform() * (SITES - 1));
      this.bytes[i] = Math.ceil(size.sample(ends));
      this.from[i] = from;
      this.to[i] = setting === 'islands' ? from ^ 1 : (from + away) % SITES;
    }
  }

  begin(transfer: number): void {
    const { network, bytes, from, to } = this;
    network.transfer(
      from[transfer],
      to[transfer],
      bytes[transfer],
      IMAGE,
      flowOver,
      this,
      transfer,
    );
  }

  over(transfer: number): void {
    this.delivered++;
    if (this.setting === 'in-turn' && transfer + 1 < this.transfers) this.begin(transfer + 1);
  }

  run(): Outcome {
    const { simulator, transfers } = this;
    if (this.setting === 'in-turn') this.begin(0);
    else {
      const starts = this.streams.stream('starts');
      for (let i = 0; i < transfers; i++) {
        simulator.schedule(starts.uniform() * START_WITHIN_MS, flowBegins, this, i);
      }
    }
    const cpuS = cpuSecondsOf(() => simulator.run());
    assertEqual('transfers delivered', this.delivered, transfers);
    assertEqual('events pending', simulator.pendingCount, 0);
    this.checkBytes();
    return {
      events: transfers,
      cpuS,
      answer: simulator.now,
      figures: { kernel_events: simulator.eventCount, simulated_s: simulator.now / 1000 },
    };
  }

  /** Every byte must have crossed every link of its path, with the headers of its segments. */
  private checkBytes(): void {
    let expected = 0;
    for (let i = 0; i < this.transfers; i++) {
      expected += this.bytes[i] * this.network.pathLinks(this.from[i], this.to[i]).length;
    }
    expected *= 1 + HEADER_BYTES / SEGMENT_BYTES;
    let carried = 0;
    for (const { bytes, peakUtilisation } of this.network.results()) {
      carried += bytes;
      assertWithin('utilisation of a link', peakUtilisation, 0, 1 + 1e-6);
    }
    assertWithin('bytes carried, of those expected', carried / expected, 1 - 1e-6, 1 + 1e-6);
  }
}

const flowBegins = defineEventKind('bench-flow-begins', (flows: Flows, i: number) =>
  flows.begin(i),
);
const flowOver = defineEventKind('bench-flow-over', (flows: Flows, i: number) => flows.over(i));

export const flowsGroup: BenchGroup = {
  name: 'flows',
  cases: (scale): BenchCase[] => {
    const transfers = Math.round(TRANSFERS * Math.min(1, scale));
    const flows = (setting: Setting): BenchCase => ({
      name: `flows/${setting}/10k`,
      events: transfers,
      primingRuns: 1,
      prepare: () => () => new Flows(setting, transfers).run(),
    });
    return [
      flows('in-turn'),
      { ...flows('islands'), ratioTo: 'flows/in-turn/10k' },
      { ...flows('backbone'), ratioTo: 'flows/in-turn/10k' },
    ];
  },
};
