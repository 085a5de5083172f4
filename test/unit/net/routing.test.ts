import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkTable } from '../../../src/net/link-table.js';
import { Routing } from '../../../src/net/routing.js';
import { topologyOf } from './lab.js';

interface Graph {
  siteCount: number;
  links: { a: number; b: number; latencyMs: number }[];
  down: number[];
}

const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 2, max: 9 }).chain((siteCount) => {
  const site = fc.integer({ min: 0, max: siteCount - 1 });
  const link = fc
    // Few distinct latencies: many ties.
    .record({ a: site, b: site, latencyMs: fc.integer({ min: 0, max: 4 }) })
    .filter(({ a, b }) => a !== b);
  return fc.record({
    siteCount: fc.constant(siteCount),
    links: fc.array(link, { minLength: 1, maxLength: 20 }),
    down: fc.array(fc.nat(19), { maxLength: 4 }),
  });
});

/** Floyd and Warshall's algorithm. */
function allDistances({ siteCount, links, down }: Graph): number[][] {
  const distance = Array.from({ length: siteCount }, (_, a) =>
    Array.from({ length: siteCount }, (_, b) => (a === b ? 0 : Infinity)),
  );
  links.forEach(({ a, b, latencyMs }, link) => {
    if (down.includes(link)) return;
    distance[a][b] = distance[b][a] = Math.min(distance[a][b], latencyMs);
  });
  for (let k = 0; k < siteCount; k++) {
    for (let a = 0; a < siteCount; a++) {
      for (let b = 0; b < siteCount; b++) {
        distance[a][b] = Math.min(distance[a][b], distance[a][k] + distance[k][b]);
      }
    }
  }
  return distance;
}

function routingOf({ siteCount, links, down }: Graph): { table: LinkTable; routing: Routing } {
  const table = new LinkTable(topologyOf(siteCount, links), 1);
  for (const link of down) if (link < links.length) table.up[link] = 0;
  return { table, routing: new Routing(table) };
}

function pathOf(routing: Routing, from: number, to: number): number[] | undefined {
  if (!routing.findPath(from, to)) return undefined;
  return [...routing.path.subarray(0, routing.pathLength)];
}

describe('Routing', () => {
  it('finds least latencies, over paths that lead there and use links that are up', () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat()), (graph, order) => {
        const { table, routing } = routingOf(graph);
        const distance = allDistances(graph);
        for (let n = 0; n < 40; n++) {
          const from = order.next().value % graph.siteCount;
          const to = order.next().value % graph.siteCount;
          expect(routing.latencyMs(from, to)).toBeCloseTo(distance[from][to], 9);
          const path = pathOf(routing, from, to);
          if (distance[from][to] === Infinity) {
            expect(path).toBeUndefined();
            continue;
          }
          let site = from;
          let latency = 0;
          for (const arc of path!) {
            expect(table.arcFrom[arc]).toBe(site);
            expect(table.up[arc >> 1]).toBe(1);
            site = table.arcTo[arc];
            latency += graph.links[arc >> 1].latencyMs;
          }
          expect(site).toBe(to);
          expect(latency).toBeCloseTo(distance[from][to], 9);
        }
      }),
      { numRuns: 300, seed: 11 },
    );
  });

  it('takes one path whatever was asked before, and the same one back', () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat()), (graph, order) => {
        const { routing } = routingOf(graph);
        for (let n = 0; n < 20; n++) {
          routing.findPath(
            order.next().value % graph.siteCount,
            order.next().value % graph.siteCount,
          );
        }
        for (let from = 0; from < graph.siteCount; from++) {
          for (let to = 0; to < graph.siteCount; to++) {
            const fresh = pathOf(routingOf(graph).routing, from, to);
            expect(pathOf(routing, from, to)).toEqual(fresh);
            const back = pathOf(routing, to, from)?.reverse();
            expect(back?.map((arc) => arc ^ 1)).toEqual(fresh);
          }
        }
      }),
      { numRuns: 200, seed: 12 },
    );
  });

  it('prefers fewer links at equal latency', () => {
    const links = [
      { a: 0, b: 1, latencyMs: 1 },
      { a: 1, b: 2, latencyMs: 1 },
      { a: 0, b: 2, latencyMs: 2 },
    ];
    const { routing } = routingOf({ siteCount: 3, links, down: [] });
    expect(pathOf(routing, 0, 2)).toEqual([4]);
  });

  it('scales propagation', () => {
    const table = new LinkTable(topologyOf(2, [{ a: 0, b: 1, latencyMs: 3 }]), 0.5);
    expect(new Routing(table).latencyMs(0, 1)).toBe(1.5);
  });

  it('finds paths longer than its first room, both ways', () => {
    const links = Array.from({ length: 200 }, (_, a) => ({ a, b: a + 1, latencyMs: 1 }));
    const { routing } = routingOf({ siteCount: 201, links, down: [] });
    expect(pathOf(routing, 0, 200)).toHaveLength(200);
    expect(pathOf(routing, 200, 0)?.at(-1)).toBe(1);
  });

  it('keeps few trees for many sites that talk to few', () => {
    const leaves = 2000;
    const links = Array.from({ length: leaves }, (_, i) => ({ a: 0, b: i + 1, latencyMs: 1 }));
    const { routing } = routingOf({ siteCount: leaves + 1, links, down: [] });
    for (let leaf = 1; leaf <= leaves; leaf++) {
      routing.findPath(1, leaf);
      routing.findPath(leaf, 1);
    }
    expect(routing.treeCount).toBeLessThanOrEqual(2);
  });
});

describe('LinkTable', () => {
  it.each([
    ['a link to a site that is not there', { a: 0, b: 5 }, /link 0 joins site 0 to site 5/],
    ['a link from a site to itself', { a: 1, b: 1 }, /must be two of the sites 0 to 1/],
    ['a negative latency', { a: 0, b: 1, latencyMs: -1 }, /S0 to S1 has latencyMs -1/],
    ['a loss of all packets', { a: 0, b: 1, lossRate: 1 }, /lossRate 1/],
    ['no capacity', { a: 0, b: 1, capacityBps: 0 }, /capacityBps 0/],
  ])('refuses %s', (_what, link, message) => {
    expect(() => new LinkTable(topologyOf(2, [link]), 1)).toThrow(message);
  });

  it('names parallel links apart', () => {
    const table = new LinkTable(
      topologyOf(2, [
        { a: 0, b: 1 },
        { a: 0, b: 1 },
      ]),
      1,
    );
    expect(table.names).toEqual(['s0--s1', 's0--s1#2']);
  });
});
