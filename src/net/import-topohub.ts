import { assembleTopology, type RawLink, type RawSite } from './assemble-topology.js';
import { degreesFromDegreesMinutes, looksLikeDegreesMinutes } from './geography.js';
import {
  DEFAULT_TOPOLOGY_SETTINGS,
  type Topology,
  TopologyError,
  type TopologySettings,
} from './topology.js';

export const TOPOHUB_ATTRIBUTION =
  'TopoHub, MIT licence (P. Jurkiewicz, SoftwareX 24, 101540, 2023), after the Internet Topology ' +
  'Zoo (S. Knight et al., IEEE JSAC 29(9), 2011) or SNDlib (S. Orlowski et al., Networks 55(3), 2010)';

/** networkx node-link data, as far as it is read. */
interface NodeLinkNode {
  id?: unknown;
  name?: unknown;
  pos?: unknown;
}

/**
 * Imports a TopoHub network: networkx node-link JSON with `pos` = [longitude, latitude] and the
 * links under `edges` or `links`, `dist` in km. TopoHub takes SNDlib's coordinates as they stand, and
 * some of these are degrees and minutes (Paris 2.20, 48.51): then the coordinates are converted and
 * the lengths computed anew.
 *
 * @throws TopologyError naming the topology and the node or link that is wrong.
 */
export function importTopohub(
  name: string,
  text: string,
  settings: TopologySettings = DEFAULT_TOPOLOGY_SETTINGS,
): Topology {
  const data = parseObject(name, text);
  const nodes = arrayOf<NodeLinkNode>(name, 'nodes', data.nodes);
  const edges = arrayOf<Record<string, unknown>>(name, 'edges or links', data.edges ?? data.links);
  const indexOfId = new Map<string, number>();
  nodes.forEach((node, index) => {
    const id = String(node.id ?? index);
    if (indexOfId.has(id)) throw new TopologyError(`topology ${name}: two nodes have the id ${id}`);
    indexOfId.set(id, index);
  });
  const degreesMinutes = looksLikeDegreesMinutes(
    nodes.flatMap((node) => (isPosition(node.pos) ? node.pos : [])),
  );
  const sites = nodes.map((node) => siteOf(node, degreesMinutes));
  const links = edges.map((edge): RawLink => {
    const distance = Number(edge.dist);
    return {
      a: endOf(name, edge.source, indexOfId),
      b: endOf(name, edge.target, indexOfId),
      ...(!degreesMinutes && distance > 0 && { lengthKm: distance }),
    };
  });
  return assembleTopology(name, TOPOHUB_ATTRIBUTION, sites, links, settings);
}

function siteOf(node: NodeLinkNode, degreesMinutes: boolean): RawSite {
  const siteName = String(node.name ?? node.id ?? '');
  if (!isPosition(node.pos)) return { name: siteName };
  const convert = degreesMinutes ? degreesFromDegreesMinutes : (value: number) => value;
  return { name: siteName, longitude: convert(node.pos[0]), latitude: convert(node.pos[1]) };
}

function isPosition(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}

function endOf(name: string, id: unknown, indexOfId: ReadonlyMap<string, number>): number {
  const index = indexOfId.get(String(id));
  if (index === undefined) {
    throw new TopologyError(`topology ${name}: a link names the node ${id}, which does not exist`);
  }
  return index;
}

function parseObject(name: string, text: string): Record<string, unknown> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new TopologyError(`topology ${name}: not JSON: ${(error as Error).message}`);
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    return data as Record<string, unknown>;
  }
  throw new TopologyError(`topology ${name}: expected a JSON object with nodes and edges`);
}

function arrayOf<Item>(name: string, field: string, value: unknown): Item[] {
  const isList = Array.isArray(value);
  if (isList && value.every((item) => typeof item === 'object' && item !== null)) {
    return value as Item[];
  }
  throw new TopologyError(`topology ${name}: expected a list of objects under ${field}`);
}
