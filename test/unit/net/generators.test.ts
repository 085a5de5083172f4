import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { generators } from '../../../src/net/generators.js';
import { LinkTable } from '../../../src/net/link-table.js';
import { Routing } from '../../../src/net/routing.js';
import type { Topology } from '../../../src/net/topology.js';

function generate(name: string, params: unknown): Topology {
  return generators[name].generate(generators[name].params.parse(params));
}

function rttMs(topology: Topology, from: string, to: string): number {
  const index = (id: string): number => topology.sites.findIndex((site) => site.id === id);
  return 2 * new Routing(new LinkTable(topology, 1)).latencyMs(index(from), index(to));
}

describe.each(Object.keys(generators))('generator %s', (name) => {
  it('works without parameters and says what it makes', () => {
    const topology = generate(name, {});
    expect(topology.sites.length).toBeGreaterThan(1);
    expect(generators[name].summary).toMatch(/\.$/);
    const ids = topology.sites.map((site) => site.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(topology.sites.map((site) => site.name));
    expect(() => new LinkTable(topology, 1)).not.toThrow();
  });

  it('has parameters that a JSON Schema can describe, and refuses others', () => {
    const schema = z.toJSONSchema(generators[name].params, { io: 'input', unrepresentable: 'any' });
    expect(schema.type).toBe('object');
    expect(generators[name].params.safeParse({ 'no-such-field': 1 }).success).toBe(false);
  });
});

describe('tree', () => {
  it('has the sites and links of its fan-outs', () => {
    const topology = generate('tree', {
      core: { sites: 3, latency: '10 ms' },
      regional: { 'per-parent': 2, latency: '4 ms' },
      micro: { 'per-parent': 3, latency: '2 ms', capacity: '2 Gbit/s' },
      nano: { 'per-parent': 1, latency: '1 ms', computes: 2 },
      'extreme-edge': { 'per-parent': 2, latency: '20 ms', jitter: '3 ms', loss: 0.01 },
    });
    const count = (tier: string): number =>
      topology.sites.filter((site) => site.tier === tier).length;
    expect(['core', 'regional', 'micro', 'nano', 'extreme-edge'].map(count)).toEqual([
      3, 6, 18, 18, 36,
    ]);
    expect(topology.links).toHaveLength(3 + 6 + 18 + 18 + 36);
    expect(rttMs(topology, 'core-1', 'extreme-edge-1-1-1-1-1')).toBe(2 * 27);
    expect(rttMs(topology, 'nano-1-1-1-1', 'nano-2-2-3-1')).toBe(2 * (7 + 10 + 7));
    expect(topology.sites.find((site) => site.id === 'nano-3-1-2-1')?.computes).toBe(2);
    expect(topology.sites[0]).not.toHaveProperty('computes');
    const wireless = topology.links.filter((link) => link.medium === 'wireless');
    expect(wireless).toHaveLength(36);
    expect(wireless[0]).toMatchObject({ jitterMs: 3, lossRate: 0.01, capacityBps: 50e6 });
    expect(topology.links.find((link) => link.latencyMs === 2)?.capacityBps).toBe(2e9);
  });

  it('joins two cores by one link', () => {
    const topology = generate('tree', {
      core: { sites: 2 },
      regional: { 'per-parent': 0 },
      micro: { 'per-parent': 0 },
    });
    expect(topology.links).toHaveLength(1);
  });

  it('grows to 10,000 sites', () => {
    const topology = generate('tree', {
      regional: { 'per-parent': 100 },
      micro: { 'per-parent': 99 },
    });
    expect(topology.sites).toHaveLength(1 + 100 + 9900);
  });

  it.each([
    [
      'a tier under an empty one',
      { micro: { 'per-parent': 0 }, nano: { 'per-parent': 1 } },
      /nano\.per-parent is 1, but micro\.per-parent is 0/,
    ],
    [
      'too many sites',
      { regional: { 'per-parent': 9999 }, micro: { 'per-parent': 9999 } },
      /100000/,
    ],
    ['a duration without unit', { micro: { latency: 5 } }, /with its unit/],
    ['a negative duration', { micro: { latency: '-5 ms' } }, /negative/],
    ['a rate in ms', { micro: { capacity: '5 ms' } }, /rate/],
    ['a capacity of nothing', { micro: { capacity: '0 bit/s' } }, /above 0/],
    ['a loss of all', { micro: { loss: 1 } }, /loss/],
    ['half a site', { core: { sites: 0.5 } }, /int/],
  ])('refuses %s', (_what, params, message) => {
    expect(() => generate('tree', params)).toThrow(message);
  });
});

describe('ring, star and pair', () => {
  it('a ring is as far around as half its sites', () => {
    const topology = generate('ring', { sites: 10, latency: '3 ms', computes: 4 });
    expect(topology.links).toHaveLength(10);
    expect(rttMs(topology, 'site-1', 'site-6')).toBe(2 * 15);
    expect(rttMs(topology, 'site-1', 'site-9')).toBe(2 * 6);
    expect(topology.sites.every((site) => site.computes === 4)).toBe(true);
    expect(() => generate('ring', { sites: 2 })).toThrow(/sites/);
  });

  it('a star has two hops from leaf to leaf', () => {
    const topology = generate('star', { leaves: 5, latency: '2 ms' });
    expect(topology.sites).toHaveLength(6);
    expect(rttMs(topology, 'leaf-1', 'leaf-5')).toBe(8);
  });

  it('a pair has its round trip', () => {
    const topology = generate('pair', { 'round-trip': '100 ms', capacity: '100 Mbit/s' });
    expect(rttMs(topology, 'control', 'edge')).toBe(100);
    expect(topology.links[0].capacityBps).toBe(100e6);
  });
});
