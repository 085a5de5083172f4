import { describe, expect, it } from 'vitest';
import { importTopology } from '../../../src/net/import-topology.js';

/** In the form of the Topology Zoo's files, invented. */
function graphml(nodes: string, edges: string, edgedefault = 'undirected'): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
  <key for="graphml" id="r" yfiles.type="resources"/>
  <key for="port" id="p" yfiles.type="portgraphics"/>
  <key attr.name="Network" attr.type="string" for="graph" id="g0"/>
  <key attr.name="Latitude" attr.type="double" for="node" id="n0"/>
  <key attr.name="Longitude" attr.type="double" for="node" id="n1"/>
  <key attr.name="label" attr.type="string" for="node" id="n2"/>
  <key attr.name="hyperedge" attr.type="int" for="node" id="n3"/>
  <key for="node" id="n4" yfiles.type="nodegraphics"/>
  <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="e0"/>
  <key attr.name="LinkLabel" attr.type="string" for="edge" id="e1"/>
  <key attr.name="length_km" attr.type="double" for="edge" id="e2"/>
  <key attr.name="latency_ms" attr.type="double" for="edge" id="e3"/>
  <graph edgedefault="${edgedefault}">
    <data key="g0">Example net</data>
    ${nodes}
    ${edges}
  </graph>
</graphml>`;
}

function node(id: string, label: string, longitude?: number, latitude?: number): string {
  const position =
    longitude === undefined
      ? ''
      : `<data key="n0">${latitude}</data><data key="n1">${longitude}</data>`;
  return `<node id="${id}">${position}<data key="n2">${label}</data></node>`;
}

const PLACES = node('0', 'Alpha', 0, 0) + node('1', 'Beta', 1, 0) + node('2', 'Gamma', 2, 0);
const CHAIN = `
  <edge source="0" target="1"><data key="e0">2500000000</data></edge>
  <edge source="1" target="2"><data key="e1">155 Mbps</data></edge>`;
const DEGREE_MS = (111.195 * 1.5 * 4.92) / 1000;

describe('importGraphml', () => {
  it('reads coordinates, labels and speeds', () => {
    const topology = importTopology('example', graphml(PLACES, CHAIN));
    expect(topology.sites.map((site) => site.id)).toEqual(['alpha', 'beta', 'gamma']);
    expect(topology.sites[1]).toMatchObject({ longitude: 1, latitude: 0 });
    expect(topology.links.map((link) => link.capacityBps)).toEqual([2.5e9, 155e6]);
    expect(topology.links[0].latencyMs).toBeCloseTo(DEGREE_MS, 4);
    expect(topology.attribution).toContain('Example net');
  });

  it('takes the default capacity where a label says no single speed', () => {
    const vague = CHAIN.replace('155 Mbps', '34-155 Mbps');
    expect(importTopology('example', graphml(PLACES, vague)).links[1].capacityBps).toBe(10e9);
  });

  it('prefers a latency to a length, and a length to coordinates', () => {
    const edges = `
      <edge source="0" target="1"><data key="e2">100</data></edge>
      <edge source="1" target="2"><data key="e2">100</data><data key="e3">7</data></edge>`;
    const [byLength, byLatency] = importTopology('example', graphml(PLACES, edges)).links;
    expect(byLength.latencyMs).toBeCloseTo(0.738, 9);
    expect(byLatency.latencyMs).toBe(7);
  });

  it('refuses a node without coordinates, length or latency, by topology and node', () => {
    const places = node('0', 'Alpha', 0, 0) + node('1', 'Beta') + node('2', 'Gamma', 2, 0);
    expect(() => importTopology('example', graphml(places, CHAIN))).toThrow(
      /topology example: node "Beta" has no coordinates, and its link "Alpha" to "Beta"/,
    );
    const lengths = `
      <edge source="0" target="1"><data key="e2">10</data></edge>
      <edge source="1" target="2"><data key="e3">3</data></edge>`;
    expect(importTopology('example', graphml(places, lengths)).sites).toHaveLength(3);
  });

  it('takes both directions of a directed graph for one link, parallel edges for a bundle', () => {
    const both = `
      <edge id="x" source="0" target="1"><data key="e0">1e9</data></edge>
      <edge id="y" source="1" target="0"><data key="e0">1e9</data></edge>
      <edge id="z" source="1" target="0"><data key="e0">1e9</data></edge>
      <edge id="w" source="1" target="2"/>`;
    const directed = importTopology('example', graphml(PLACES, both, 'directed'));
    expect(directed.links.map((link) => link.capacityBps)).toEqual([2e9, 10e9]);
    const undirected = importTopology('example', graphml(PLACES, both));
    expect(undirected.links.map((link) => link.capacityBps)).toEqual([3e9, 10e9]);
  });

  it('makes a link of each pair of ends of a hyperedge, in either spelling', () => {
    const hub = '<node id="h"><data key="n2">None</data><data key="n3">1</data></node>';
    const spokes = ['0', '1', '2']
      .map((end) => `<edge source="${end}" target="h"><data key="e0">1e9</data></edge>`)
      .join('');
    const zoo = importTopology('example', graphml(PLACES + hub, spokes));
    const element = `<hyperedge><data key="e0">1e9</data><endpoint node="0"/><endpoint node="1"/>
      <endpoint node="2"/></hyperedge>`;
    const standard = importTopology('example', graphml(PLACES, element));
    expect(zoo.sites).toHaveLength(3);
    expect(zoo.links.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    expect(zoo.links[1].latencyMs).toBeCloseTo(2 * DEGREE_MS, 4);
    expect(zoo.links[1].capacityBps).toBe(1e9);
    expect(standard.links).toEqual(zoo.links);
  });

  it('finds the name of a node in the drawing where there is no label', () => {
    const drawn = `<node id="1"><data key="n0">0</data><data key="n1">1</data>
      <data key="n4"><y:ShapeNode><y:NodeLabel>Rio de
      Janeiro</y:NodeLabel></y:ShapeNode></data></node>`;
    const places = node('0', 'Alpha', 0, 0) + drawn + node('2', 'Alpha', 2, 0);
    const topology = importTopology('example', graphml(places, CHAIN));
    expect(topology.sites.map((site) => site.id)).toEqual(['alpha', 'rio-de-janeiro', 'alpha-2']);
  });

  it.each([
    ['broken XML', '<graphml><graph>', /topology example: not GraphML/],
    ['XML without a graph', '<a/>', /no <graph>/],
    ['a disconnected graph', graphml(PLACES, CHAIN.replace('target="2"', 'target="0"')), /Gamma/],
    ['an edge to no node', graphml(PLACES, '<edge source="0" target="7"/>'), /example/],
    ['a negative speed', graphml(PLACES, CHAIN.replace('2500000000', '-5')), /capacityBps -5/],
  ])('refuses %s', (_what, text, message) => {
    expect(() => importTopology('example', text)).toThrow(message);
  });
});
