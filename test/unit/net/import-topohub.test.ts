import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importTopology } from '../../../src/net/import-topology.js';
import { LinkTable } from '../../../src/net/link-table.js';
import { Routing } from '../../../src/net/routing.js';
import { DEFAULT_TOPOLOGY_SETTINGS, type Topology } from '../../../src/net/topology.js';

const FOLDER = new URL('../../../models/topologies/', import.meta.url);

function load(name: string): Topology {
  return importTopology(name, readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
}

/** Mean and largest round-trip time over all pairs of sites, in ms. */
function roundTrips(topology: Topology): { meanMs: number; largestMs: number } {
  const routing = new Routing(new LinkTable(topology, 1));
  let sum = 0;
  let largestMs = 0;
  const count = topology.sites.length;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      if (a === b) continue;
      const rttMs = 2 * routing.latencyMs(a, b);
      sum += rttMs;
      largestMs = Math.max(largestMs, rttMs);
    }
  }
  return { meanMs: sum / (count * (count - 1)), largestMs };
}

// Mean and largest over least-latency paths, computed apart from this code, by Floyd and Warshall's
// algorithm in another language over the same files: 2 x 4.92 us/km x 1.5 x km. The largest are also
// TopoHub's own `diameter_len`. (Its `avg_sdp_len` is not this mean: it is smaller than any mean over
// these paths can be.)
const EXPECTED = [
  ['renater2010', 37, 48, 8.98, 20.66],
  ['geant2012', 37, 58, 29.89, 82.62],
  ['nobel-eu', 28, 41, 19.52, 49.6],
  ['rnp2010', 28, 31, 49.37, 109.71],
  ['att-mpls', 25, 56, 32.55, 71.08],
] as const;

describe('committed topologies', () => {
  it.each(EXPECTED)('%s has its sites, links and round trips', (name, sites, links, mean, max) => {
    const topology = load(name);
    expect(topology.sites).toHaveLength(sites);
    expect(topology.links).toHaveLength(links);
    const { meanMs, largestMs } = roundTrips(topology);
    expect(Math.abs(meanMs - mean)).toBeLessThanOrEqual(0.0051);
    expect(Math.abs(largestMs - max)).toBeLessThanOrEqual(0.0051);
    expect(topology.attribution).toContain('MIT');
  });

  it('are all in the table above', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
    expect(files.sort()).toEqual(EXPECTED.map(([name]) => `${name}.json`).sort());
  });

  it('have distinct kebab-case ids', () => {
    for (const [name] of EXPECTED) {
      const ids = load(name).sites.map((site) => site.id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    }
  });

  it('nobel-eu has its degrees and minutes converted, the others keep their degrees', () => {
    const paris = load('nobel-eu').sites.find((site) => site.id === 'paris')!;
    expect(paris.longitude).toBeCloseTo(2 + 20 / 60, 6);
    expect(paris.latitude).toBeCloseTo(48 + 51 / 60, 6);
    const pau = load('renater2010').sites.find((site) => site.id === 'pau')!;
    expect([pau.longitude, pau.latitude]).toEqual([-0.37, 43.3]);
  });
});

describe('importTopohub', () => {
  const nodes = [
    { id: '0', name: 'Springfield', pos: [0, 0] },
    { id: '1', name: 'Springfield', pos: [1, 0] },
    { id: '2', name: 'São Paulo', pos: [2, 0] },
  ];
  const edges = [
    { source: '0', target: '1', dist: 100 },
    { source: '1', target: '2' },
  ];

  it('takes dist in km, else the great circle, and reads links under either name', () => {
    const topology = importTopology('t', JSON.stringify({ nodes, edges }));
    expect(topology.links[0].latencyMs).toBeCloseTo((100 * 1.5 * 4.92) / 1000, 12);
    // One degree of the equator is 111.195 km.
    expect(topology.links[1].latencyMs).toBeCloseTo((111.195 * 1.5 * 4.92) / 1000, 4);
    expect(importTopology('t', JSON.stringify({ nodes, links: edges }))).toEqual(topology);
    const numbered = edges.map((edge) => ({ ...edge, source: +edge.source, target: +edge.target }));
    expect(importTopology('t', JSON.stringify({ nodes, edges: numbered }))).toEqual(topology);
  });

  it('follows the settings', () => {
    const settings = {
      ...DEFAULT_TOPOLOGY_SETTINGS,
      microsecondsPerKm: 5,
      pathStretch: 2,
      defaultCapacityBps: 1e9,
    };
    const [link] = importTopology('t', JSON.stringify({ nodes, edges }), settings).links;
    expect(link.latencyMs).toBeCloseTo(1, 12);
    expect(link.capacityBps).toBe(1e9);
  });

  it('gives two sites of one name distinct ids', () => {
    const topology = importTopology('t', JSON.stringify({ nodes, edges }));
    expect(topology.sites.map((site) => site.id)).toEqual([
      'springfield',
      'springfield-2',
      'sao-paulo',
    ]);
    expect(topology.sites.map((site) => site.name).slice(0, 2)).toEqual([
      'Springfield',
      'Springfield',
    ]);
  });

  it('joins parallel links into a bundle and drops a link from a site to itself', () => {
    const more = [...edges, { source: '1', target: '0', dist: 80 }, { source: '2', target: '2' }];
    const topology = importTopology('t', JSON.stringify({ nodes, edges: more }));
    expect(topology.links).toHaveLength(2);
    expect(topology.links[0]).toMatchObject({ a: 0, b: 1, capacityBps: 20e9 });
    expect(topology.links[0].latencyMs).toBeCloseTo((80 * 1.5 * 4.92) / 1000, 12);
  });

  it.each([
    ['a disconnected topology, with the sites cut off', { nodes, edges: [edges[0]] }, /São Paulo/],
    [
      'a node without coordinates',
      { nodes: [nodes[0], { id: '1', name: 'Nowhere' }, nodes[2]], edges },
      /topology t: node "Nowhere" has no coordinates/,
    ],
    ['a link to no node', { nodes, edges: [...edges, { source: '0', target: '9' }] }, /node 9/],
    ['no nodes', { nodes: [], edges }, /node 0|no sites/],
    ['no list of links', { nodes }, /edges or links/],
    [
      'a latitude off the globe',
      { nodes: [{ id: '0', name: 'X', pos: [0, 91] }], edges: [] },
      /91/,
    ],
  ])('refuses %s', (_what, data, message) => {
    expect(() => importTopology('t', JSON.stringify(data))).toThrow(message);
  });

  it('refuses text that is neither JSON nor XML, and broken JSON', () => {
    expect(() => importTopology('t', 'sites: 3')).toThrow(/topology t: expected/);
    expect(() => importTopology('t', '{"nodes": [')).toThrow(/topology t: not JSON/);
  });

  it('accepts a missing node position where every link has a length', () => {
    const withLengths = edges.map((edge) => ({ ...edge, dist: 10 }));
    const without = nodes.map(({ id, name }) => ({ id, name }));
    const topology = importTopology('t', JSON.stringify({ nodes: without, edges: withLengths }));
    expect(topology.sites[0]).not.toHaveProperty('longitude');
  });
});
