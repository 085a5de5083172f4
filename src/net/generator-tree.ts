import { z } from 'zod';
import { assembleTopology, type RawLink, type RawSite } from './assemble-topology.js';
import { computes, count, duration, lossRate, rate } from './generator-params.js';
import {
  DEFAULT_TOPOLOGY_SETTINGS,
  TOPOLOGY_TIERS,
  type Topology,
  TopologyError,
  type TopologyTier,
} from './topology.js';

const MOST_SITES = 100_000;

interface LevelDefaults {
  perParent: number;
  latency: string;
  capacity: string;
  jitter: string;
  loss: number;
}

/** A tier below the core: how many sites each site above has, and the link to it. */
function level(defaults: LevelDefaults) {
  return z
    .strictObject({
      'per-parent': z.number().int().min(0).max(10_000).default(defaults.perParent),
      latency: duration.prefault(defaults.latency),
      capacity: rate.prefault(defaults.capacity),
      jitter: duration.prefault(defaults.jitter),
      loss: lossRate.default(defaults.loss),
      computes,
    })
    .prefault({});
}

/**
 * Defaults are assumptions, in the range of: a national backbone (RENATER's mean round trip is 9 ms),
 * metropolitan fibre, and LTE access of about 50 ms round trip over a backhaul of about 10 ms.
 */
export const treeParams = z.strictObject({
  core: z
    .strictObject({
      sites: count.default(1),
      latency: duration.prefault('10 ms'),
      capacity: rate.prefault('100 Gbit/s'),
      jitter: duration.prefault('0 ms'),
      loss: lossRate.default(0),
      computes,
    })
    .prefault({}),
  regional: level({
    perParent: 4,
    latency: '4 ms',
    capacity: '100 Gbit/s',
    jitter: '0 ms',
    loss: 0,
  }),
  micro: level({ perParent: 4, latency: '2 ms', capacity: '10 Gbit/s', jitter: '0 ms', loss: 0 }),
  nano: level({ perParent: 0, latency: '5 ms', capacity: '1 Gbit/s', jitter: '0 ms', loss: 0 }),
  'extreme-edge': level({
    perParent: 0,
    latency: '25 ms',
    capacity: '50 Mbit/s',
    jitter: '5 ms',
    loss: 0.001,
  }),
});

type TreeParams = z.output<typeof treeParams>;

/**
 * A tree of tiers: core sites in a ring (two by one link), under each of them regional sites, under
 * these micro, nano and extreme-edge sites, the last over wireless links. A site is named by its way
 * down: `micro-1-2-3` is the third of the second regional site of the first core site.
 *
 * @throws TopologyError where a tier hangs under an empty one, or there are more than 100,000 sites.
 */
export function generateTree(params: TreeParams): Topology {
  const sites: RawSite[] = [];
  const links: RawLink[] = [];
  const { core } = params;
  for (let n = 1; n <= core.sites; n++) sites.push(siteOf('core', `${n}`, core.computes));
  const coreLinks = core.sites === 2 ? 1 : core.sites > 2 ? core.sites : 0;
  for (let a = 0; a < coreLinks; a++) {
    links.push({ a, b: (a + 1) % core.sites, ...linkFacts(core), medium: 'wired' });
  }
  let parents = sites.map((site, index) => ({ index, way: site.name.slice('core-'.length) }));
  for (const tier of TOPOLOGY_TIERS) {
    if (tier === 'core') continue;
    const { 'per-parent': perParent, ...link } = params[tier];
    if (perParent === 0) {
      refuseTiersBelow(params, tier);
      break;
    }
    const children: typeof parents = [];
    for (const parent of parents) {
      for (let n = 1; n <= perParent; n++) {
        if (sites.length === MOST_SITES) {
          throw new TopologyError(`topology tree: more than ${MOST_SITES} sites (at ${tier})`);
        }
        const way = `${parent.way}-${n}`;
        const index = sites.push(siteOf(tier, way, link.computes)) - 1;
        const medium = tier === 'extreme-edge' ? 'wireless' : 'wired';
        links.push({ a: parent.index, b: index, ...linkFacts(link), medium });
        children.push({ index, way });
      }
    }
    parents = children;
  }
  return assembleTopology('tree', 'generated', sites, links, DEFAULT_TOPOLOGY_SETTINGS);
}

function siteOf(tier: TopologyTier, way: string, siteComputes: number | undefined): RawSite {
  const name = `${tier}-${way}`;
  return siteComputes === undefined ? { name, tier } : { name, tier, computes: siteComputes };
}

function linkFacts(link: {
  latency: number;
  capacity: number;
  jitter: number;
  loss: number;
}): Pick<RawLink, 'latencyMs' | 'capacityBps' | 'jitterMs' | 'lossRate'> {
  return {
    latencyMs: link.latency,
    capacityBps: link.capacity,
    jitterMs: link.jitter,
    lossRate: link.loss,
  };
}

function refuseTiersBelow(params: TreeParams, empty: Exclude<TopologyTier, 'core'>): void {
  for (const below of TOPOLOGY_TIERS.slice(TOPOLOGY_TIERS.indexOf(empty) + 1)) {
    if (below === 'core' || params[below]['per-parent'] === 0) continue;
    throw new TopologyError(
      `topology tree: ${below}.per-parent is ${params[below]['per-parent']}, but ` +
        `${empty}.per-parent is 0: there is nothing for the ${below} sites to hang under`,
    );
  }
}
