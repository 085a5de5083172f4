import { z } from 'zod';
import { assembleTopology, type RawLink, type RawSite } from './assemble-topology.js';
import { computes, count, duration, lossRate, rate } from './generator-params.js';
import { generateTree, treeParams } from './generator-tree.js';
import { DEFAULT_TOPOLOGY_SETTINGS, type Topology } from './topology.js';

/** Makes a topology from parameters. */
export interface TopologyGenerator<Params = unknown> {
  readonly summary: string;
  /** Parses what users write, units as strings, into what `generate` takes. */
  readonly params: z.ZodType<Params>;
  /** @throws TopologyError where the parameters do not fit together. */
  generate(params: Params): Topology;
}

/** Ties the type of the schema's output to that of the function; the table forgets it again. */
function generator<Schema extends z.ZodType>(
  summary: string,
  params: Schema,
  generate: (params: z.output<Schema>) => Topology,
): TopologyGenerator<z.output<Schema>> {
  return { summary, params: params as z.ZodType<z.output<Schema>>, generate };
}

// Defaults are assumptions: 5 ms is about 680 km of route, 10 Gbit/s a wavelength.
const linkParams = {
  latency: duration.prefault('5 ms'),
  capacity: rate.prefault('10 Gbit/s'),
  jitter: duration.prefault('0 ms'),
  loss: lossRate.default(0),
};

const ringParams = z.strictObject({ sites: count.min(3).default(8), ...linkParams, computes });
const starParams = z.strictObject({ leaves: count.default(8), ...linkParams, computes });
const { latency: _oneWay, ...linkWithoutLatency } = linkParams;
const pairParams = z.strictObject({
  'round-trip': duration.prefault('50 ms'),
  ...linkWithoutLatency,
  computes,
});

interface LinkParams {
  latency: number;
  capacity: number;
  jitter: number;
  loss: number;
}

function link(a: number, b: number, params: LinkParams): RawLink {
  return {
    a,
    b,
    latencyMs: params.latency,
    capacityBps: params.capacity,
    jitterMs: params.jitter,
    lossRate: params.loss,
    medium: 'wired',
  };
}

function site(name: string, tier: RawSite['tier'], siteComputes?: number): RawSite {
  return siteComputes === undefined ? { name, tier } : { name, tier, computes: siteComputes };
}

function assemble(name: string, sites: RawSite[], links: RawLink[]): Topology {
  return assembleTopology(name, 'generated', sites, links, DEFAULT_TOPOLOGY_SETTINGS);
}

function generateRing(params: z.output<typeof ringParams>): Topology {
  const indexes = Array.from({ length: params.sites }, (_, index) => index);
  const sites = indexes.map((index) => site(`site-${index + 1}`, 'regional', params.computes));
  return assemble(
    'ring',
    sites,
    indexes.map((index) => link(index, (index + 1) % params.sites, params)),
  );
}

function generateStar(params: z.output<typeof starParams>): Topology {
  const leaves = Array.from({ length: params.leaves }, (_, index) => index + 1);
  const sites = [
    site('hub', 'core', params.computes),
    ...leaves.map((leaf) => site(`leaf-${leaf}`, 'regional', params.computes)),
  ];
  return assemble(
    'star',
    sites,
    leaves.map((leaf) => link(0, leaf, params)),
  );
}

function generatePair(params: z.output<typeof pairParams>): Topology {
  const sites = [site('control', 'core', params.computes), site('edge', 'micro', params.computes)];
  return assemble('pair', sites, [link(0, 1, { ...params, latency: params['round-trip'] / 2 })]);
}

/** The generators that an experiment can name. */
export const generators: Readonly<Record<string, TopologyGenerator>> = {
  tree: generator(
    'A tree of tiers: core sites in a ring; regional, micro, nano and extreme-edge sites below.',
    treeParams,
    generateTree,
  ),
  ring: generator('Sites in a ring, with one latency per hop.', ringParams, generateRing),
  star: generator('A hub with leaves around it, all at one latency.', starParams, generateStar),
  pair: generator(
    'Two sites, `control` and `edge`, at a given round-trip time: a laboratory with an emulated WAN.',
    pairParams,
    generatePair,
  ),
};
