import { DOMParser } from '@xmldom/xmldom';
import GraphModule from 'graphology';
import { parse } from 'graphology-graphml';
import { assembleTopology, type RawLink, type RawSite } from './assemble-topology.js';
import { expandHyperedges, removeForeignKeys } from './graphml-document.js';
import { type GraphmlAttributes, readCapacityBps, readNumber, readText } from './graphml-values.js';
import {
  DEFAULT_TOPOLOGY_SETTINGS,
  type Topology,
  TopologyError,
  type TopologySettings,
} from './topology.js';

// graphology is CommonJS: under NodeNext its class is seen as a namespace with a default.
const Graph = GraphModule as unknown as typeof GraphModule.default;

/** What is known of a link before its ends are numbered. */
type LinkFacts = Omit<RawLink, 'a' | 'b'>;

/**
 * Imports GraphML as the Internet Topology Zoo writes it: `Longitude` and `Latitude` (degrees) and
 * `label` of nodes, `LinkSpeedRaw` (bit/s) or `LinkLabel` ("2.5 Gbps") of edges. Keys of other tools
 * are read too: a length in km (`length_km`, `length`, `distance`, `dist`), a latency in ms
 * (`latency_ms`, `latency`, `delay`), `jitter_ms`, `loss_rate`, and of nodes `tier` and `computes`.
 * A node that the Zoo marks `hyperedge`, and a `<hyperedge>`, are no places but a link with more than
 * two ends: each pair of ends gets a link.
 *
 * @throws TopologyError naming the topology and what is wrong, in particular a node without
 * coordinates one of whose links has neither length nor latency.
 */
export function importGraphml(
  name: string,
  text: string,
  settings: TopologySettings = DEFAULT_TOPOLOGY_SETTINGS,
): Topology {
  const graph = parseGraph(name, text);
  const ids = graph.nodes();
  const hyper = ids.map((id) => readNumber(graph.getNodeAttributes(id), ['hyperedge']) === 1);
  const indexOfId = new Map<string, number>();
  const sites: RawSite[] = [];
  ids.forEach((id, index) => {
    if (hyper[index]) return;
    indexOfId.set(id, sites.length);
    sites.push(siteOf(id, graph.getNodeAttributes(id)));
  });
  const links: RawLink[] = [];
  const spokes = new Map<string, { site: number; facts: LinkFacts }[]>();
  graph.forEachEdge((_edge, attributes, source, target, _s, _t, undirected) => {
    const facts = { ...linkFacts(attributes), directed: !undirected };
    const [a, b] = [indexOfId.get(source), indexOfId.get(target)];
    if (a !== undefined && b !== undefined) links.push({ a, b, ...facts });
    else if (a === undefined && b === undefined) {
      throw new TopologyError(
        `topology ${name}: two hyperedges are linked, ${source} and ${target}`,
      );
    } else {
      const hub = a === undefined ? source : target;
      const list = spokes.get(hub) ?? [];
      list.push({ site: (a ?? b)!, facts });
      spokes.set(hub, list);
    }
  });
  for (const ends of spokes.values()) links.push(...linksOfHyperedge(ends));
  return assembleTopology(name, attributionOf(name, graph.getAttributes()), sites, links, settings);
}

function parseGraph(name: string, text: string): InstanceType<typeof Graph> {
  const problems: string[] = [];
  const note = (message: string): void => {
    problems.push(
      message
        .split('\n')[0]
        .replace(/^\[xmldom \w+\]/, '')
        .trim(),
    );
  };
  const parser = new DOMParser({ errorHandler: { warning: note, error: note, fatalError: note } });
  try {
    const document = parser.parseFromString(text, 'application/xml');
    if (!document || document.getElementsByTagName('graph').length === 0) {
      throw new Error(problems[0] ?? 'there is no <graph> in it');
    }
    if (problems.length > 0) throw new Error(problems[0]);
    removeForeignKeys(document);
    expandHyperedges(document);
    return parse(Graph as never, document as never) as InstanceType<typeof Graph>;
  } catch (error) {
    throw new TopologyError(`topology ${name}: not GraphML: ${(error as Error).message.trim()}`);
  }
}

function siteOf(id: string, attributes: GraphmlAttributes): RawSite {
  const longitude = readNumber(attributes, ['longitude', 'lon', 'lng']);
  const latitude = readNumber(attributes, ['latitude', 'lat']);
  const computes = readNumber(attributes, ['computes']);
  return {
    name: readText(attributes, ['label', 'name', 'nodegraphics']) ?? id,
    ...(longitude !== undefined && { longitude }),
    ...(latitude !== undefined && { latitude }),
    ...(computes !== undefined && { computes }),
  };
}

function linkFacts(attributes: GraphmlAttributes): LinkFacts {
  const lengthKm = readNumber(attributes, ['length_km', 'lengthkm', 'length', 'distance', 'dist']);
  const latencyMs = readNumber(attributes, ['latency_ms', 'latencyms', 'latency', 'delay']);
  const jitterMs = readNumber(attributes, ['jitter_ms', 'jitterms', 'jitter']);
  const lossRate = readNumber(attributes, ['loss_rate', 'lossrate', 'loss']);
  const capacityBps = readCapacityBps(attributes);
  return {
    ...(lengthKm !== undefined && { lengthKm }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(jitterMs !== undefined && { jitterMs }),
    ...(lossRate !== undefined && { lossRate }),
    ...(capacityBps !== undefined && { capacityBps }),
  };
}

/** From end to end it is both spokes: lengths and latencies add up, the narrower one limits. */
function linksOfHyperedge(ends: readonly { site: number; facts: LinkFacts }[]): RawLink[] {
  const links: RawLink[] = [];
  for (let i = 0; i < ends.length; i++) {
    for (let j = i + 1; j < ends.length; j++) {
      const [x, y] = [ends[i], ends[j]];
      links.push({ a: x.site, b: y.site, ...joinSpokes(x.facts, y.facts) });
    }
  }
  return links;
}

function joinSpokes(x: LinkFacts, y: LinkFacts): LinkFacts {
  const sum = (p?: number, q?: number): number | undefined =>
    p === undefined || q === undefined ? undefined : p + q;
  const capacities = [x.capacityBps, y.capacityBps].filter((bps) => bps !== undefined);
  return {
    lengthKm: sum(x.lengthKm, y.lengthKm),
    latencyMs: sum(x.latencyMs, y.latencyMs),
    jitterMs: sum(x.jitterMs, y.jitterMs),
    lossRate:
      x.lossRate === undefined || y.lossRate === undefined
        ? undefined
        : 1 - (1 - x.lossRate) * (1 - y.lossRate),
    capacityBps: capacities.length > 0 ? Math.min(...capacities) : undefined,
  };
}

function attributionOf(name: string, attributes: GraphmlAttributes): string {
  const parts = ['Network', 'Source', 'Provenance', 'Creator']
    .map((key) => readText(attributes, [key.toLowerCase()]))
    .filter((part) => part !== undefined);
  return parts.length > 0 ? `GraphML: ${parts.join('; ')}` : `GraphML file ${name}`;
}
