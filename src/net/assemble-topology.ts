import { closest } from 'fastest-levenshtein';
import { greatCircleKm } from './geography.js';
import {
  type LinkMedium,
  type Topology,
  TopologyError,
  type TopologyLink,
  type TopologySettings,
  type TopologySite,
  type TopologyTier,
} from './topology.js';

/** A site as a source has it: no id yet. */
export interface RawSite {
  readonly name: string;
  readonly longitude?: number;
  readonly latitude?: number;
  readonly tier?: TopologyTier;
  readonly computes?: number;
}

/** A link as a source has it: its latency given, or its length, or neither. */
export interface RawLink {
  readonly a: number;
  readonly b: number;
  readonly latencyMs?: number;
  readonly lengthKm?: number;
  readonly capacityBps?: number;
  readonly jitterMs?: number;
  readonly lossRate?: number;
  readonly medium?: LinkMedium;
  /** True where the source is a directed graph and this is one direction alone. */
  readonly directed?: boolean;
}

/**
 * Makes a topology of what a source says: ids of names, latencies of lengths or coordinates,
 * parallel links joined. Refuses what cannot be simulated.
 *
 * @throws TopologyError naming the topology and the site or link that is wrong.
 */
export function assembleTopology(
  name: string,
  attribution: string,
  rawSites: readonly RawSite[],
  rawLinks: readonly RawLink[],
  settings: TopologySettings,
): Topology {
  if (rawSites.length === 0) throw new TopologyError(`topology ${name}: it has no sites`);
  checkSettings(name, settings);
  const ids = uniqueIds(rawSites.map((site) => site.name));
  const sites = rawSites.map((site, index): TopologySite => {
    checkCoordinates(name, site);
    return {
      id: ids[index],
      name: site.name,
      tier: site.tier ?? settings.tier,
      ...(site.longitude !== undefined && { longitude: site.longitude }),
      ...(site.latitude !== undefined && { latitude: site.latitude }),
      ...(site.computes !== undefined && { computes: site.computes }),
    };
  });
  const links = rawLinks
    .filter((link) => link.a !== link.b)
    .map((link) => resolveLink(name, sites, link, settings));
  const topology: Topology = {
    name,
    attribution,
    sites,
    links: joinParallelLinks(links, rawLinks),
  };
  checkConnected(topology);
  return topology;
}

/** Kebab-case ids; of two sites with one name the second gets `-2`. */
export function uniqueIds(names: readonly string[]): string[] {
  const wanted = names.map(kebabCase);
  const taken = new Set<string>();
  return wanted.map((id) => {
    let unique = id;
    // A site that is really called "paris-2" keeps its name only if it comes first; either way ids
    // depend on the order in the file alone.
    for (let n = 2; taken.has(unique); n++) unique = `${id}-${n}`;
    taken.add(unique);
    return unique;
  });
}

/** "Clermont-Ferrand" to `clermont-ferrand`, "São Paulo" to `sao-paulo`; `site` for no letters. */
export function kebabCase(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'site' : plain;
}

/** Index of the site with this id. @throws TopologyError with the nearest id there is. */
export function siteIndexOf(topology: Topology, id: string): number {
  const index = topology.sites.findIndex((site) => site.id === id);
  if (index >= 0) return index;
  const nearest = closest(
    id,
    topology.sites.map((site) => site.id),
  );
  throw new TopologyError(
    `topology ${topology.name}: there is no site "${id}"; did you mean "${nearest}"?`,
  );
}

/** @throws TopologyError with the names of the sites that the largest part cannot reach. */
export function checkConnected(topology: Topology): void {
  const { sites, links } = topology;
  const parts = connectedParts(sites.length, links);
  if (parts.length <= 1) return;
  let largest = parts[0];
  for (const part of parts) if (part.length > largest.length) largest = part;
  const cutOff = parts.filter((part) => part !== largest).flat();
  const shown = cutOff.slice(0, 20).map((site) => sites[site].name || sites[site].id);
  const more = cutOff.length > shown.length ? ` and ${cutOff.length - shown.length} more` : '';
  throw new TopologyError(
    `topology ${topology.name}: it is not connected; no link leads from the other ` +
      `${largest.length} site${largest.length === 1 ? '' : 's'} to ${shown.join(', ')}${more}`,
  );
}

function connectedParts(siteCount: number, links: readonly TopologyLink[]): number[][] {
  const neighbours: number[][] = Array.from({ length: siteCount }, () => []);
  for (const { a, b } of links) {
    neighbours[a].push(b);
    neighbours[b].push(a);
  }
  const seen = new Uint8Array(siteCount);
  const parts: number[][] = [];
  for (let start = 0; start < siteCount; start++) {
    if (seen[start]) continue;
    const part = [start];
    seen[start] = 1;
    for (let i = 0; i < part.length; i++) {
      for (const next of neighbours[part[i]]) {
        if (seen[next]) continue;
        seen[next] = 1;
        part.push(next);
      }
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}

function checkSettings(name: string, settings: TopologySettings): void {
  const positive = ['microsecondsPerKm', 'pathStretch', 'defaultCapacityBps'] as const;
  for (const field of positive) {
    if (!(settings[field] > 0 && settings[field] < Infinity)) {
      throw new TopologyError(`topology ${name}: ${field} is ${settings[field]}, must be above 0`);
    }
  }
}

function checkCoordinates(topologyName: string, site: RawSite): void {
  const { longitude, latitude } = site;
  if (longitude !== undefined && !(Math.abs(longitude) <= 180)) {
    throw new TopologyError(
      `topology ${topologyName}: site ${site.name} has longitude ${longitude}, must be -180 to 180`,
    );
  }
  if (latitude !== undefined && !(Math.abs(latitude) <= 90)) {
    throw new TopologyError(
      `topology ${topologyName}: site ${site.name} has latitude ${latitude}, must be -90 to 90`,
    );
  }
}

function resolveLink(
  topologyName: string,
  sites: readonly TopologySite[],
  link: RawLink,
  settings: TopologySettings,
): TopologyLink {
  const resolved: TopologyLink = {
    a: link.a,
    b: link.b,
    latencyMs: link.latencyMs ?? latencyOf(topologyName, sites, link, settings),
    capacityBps: link.capacityBps ?? settings.defaultCapacityBps,
    jitterMs: link.jitterMs ?? settings.defaultJitterMs,
    lossRate: link.lossRate ?? settings.defaultLossRate,
    medium: link.medium ?? 'wired',
  };
  checkLink(topologyName, sites, resolved);
  return resolved;
}

/** @throws TopologyError naming the link and its field. */
export function checkLink(
  topologyName: string,
  sites: readonly TopologySite[],
  link: TopologyLink,
): void {
  const refuse = (field: string, value: number, allowed: string): never => {
    const ends = `${sites[link.a].name} to ${sites[link.b].name}`;
    throw new TopologyError(
      `topology ${topologyName}: link ${ends} has ${field} ${value}, must be ${allowed}`,
    );
  };
  const finite = (value: number): boolean => value >= 0 && value < Infinity;
  if (!finite(link.latencyMs)) refuse('latencyMs', link.latencyMs, '0 or more');
  if (!finite(link.jitterMs)) refuse('jitterMs', link.jitterMs, '0 or more');
  if (!(link.capacityBps > 0)) refuse('capacityBps', link.capacityBps, 'above 0');
  if (!(link.lossRate >= 0 && link.lossRate < 1)) {
    refuse('lossRate', link.lossRate, '0 or more and below 1');
  }
}

function latencyOf(
  topologyName: string,
  sites: readonly TopologySite[],
  link: RawLink,
  settings: TopologySettings,
): number {
  let lengthKm = link.lengthKm;
  if (lengthKm === undefined) {
    const [a, b] = [sites[link.a], sites[link.b]];
    for (const site of [a, b]) {
      if (site.longitude !== undefined && site.latitude !== undefined) continue;
      throw new TopologyError(
        `topology ${topologyName}: node "${site.name}" has no coordinates, and its link ` +
          `"${a.name}" to "${b.name}" has neither a length nor a latency; give one of the three`,
      );
    }
    lengthKm = greatCircleKm(a.longitude!, a.latitude!, b.longitude!, b.latitude!);
  }
  return (lengthKm * settings.pathStretch * settings.microsecondsPerKm) / 1000;
}

/**
 * Parallel links are one bundle: capacities add up, the shortest latency counts. Where the source is
 * directed, the two directions of one link are not parallel; the wider one gives the capacity.
 */
function joinParallelLinks(
  links: readonly TopologyLink[],
  rawLinks: readonly RawLink[],
): TopologyLink[] {
  const rawKept = rawLinks.filter((link) => link.a !== link.b);
  const bundles = new Map<string, TopologyLink & { forwardBps: number; backwardBps: number }>();
  links.forEach((link, index) => {
    const forward = link.a < link.b;
    const key = forward ? `${link.a}-${link.b}` : `${link.b}-${link.a}`;
    const undirected = !rawKept[index].directed;
    const forwardBps = undirected || forward ? link.capacityBps : 0;
    const backwardBps = undirected || !forward ? link.capacityBps : 0;
    const known = bundles.get(key);
    if (!known) {
      bundles.set(key, { ...link, forwardBps, backwardBps });
      return;
    }
    bundles.set(key, {
      ...(link.latencyMs < known.latencyMs ? { ...link, a: known.a, b: known.b } : known),
      forwardBps: known.forwardBps + forwardBps,
      backwardBps: known.backwardBps + backwardBps,
    });
  });
  return [...bundles.values()].map(({ forwardBps, backwardBps, ...link }) => ({
    ...link,
    capacityBps: Math.max(forwardBps, backwardBps),
  }));
}
