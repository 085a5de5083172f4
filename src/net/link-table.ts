import { checkLink } from './assemble-topology.js';
import { type Topology, TopologyError } from './topology.js';

/**
 * The links of a topology as typed arrays. Each link is two arcs, one a direction: arc `2 * link`
 * leads from its end `a` to `b`, arc `2 * link + 1` back, so `arc ^ 1` is the other direction.
 */
export class LinkTable {
  readonly siteCount: number;
  readonly linkCount: number;
  readonly arcCount: number;
  /** `siteA--siteB` of each link: its name in results and streams. */
  readonly names: readonly string[];
  /** Site that each arc leaves and enters. */
  readonly arcFrom: Int32Array;
  readonly arcTo: Int32Array;
  /** Per link. Latency in whole nanoseconds, so that sums along a path are exact in any order. */
  readonly latencyNs: Float64Array;
  readonly capacityBps: Float64Array;
  readonly jitterMs: Float64Array;
  readonly lossRate: Float64Array;
  /** 1 where the link works. */
  readonly up: Uint8Array;
  /** The arcs that leave site s: `arcsOut[firstArc[s]]` up to `arcsOut[firstArc[s + 1]]`. */
  readonly firstArc: Int32Array;
  readonly arcsOut: Int32Array;

  /**
   * @param rttScale multiplies every propagation delay, 0 or more.
   * @throws TopologyError for a link to nowhere, a value out of range or two links with one name.
   */
  constructor(topology: Topology, rttScale: number) {
    const { sites, links } = topology;
    if (!(rttScale >= 0 && rttScale < Infinity)) {
      throw new TopologyError(
        `topology ${topology.name}: rttScale is ${rttScale}, must be 0 or more`,
      );
    }
    this.siteCount = sites.length;
    this.linkCount = links.length;
    this.arcCount = 2 * links.length;
    this.arcFrom = new Int32Array(this.arcCount);
    this.arcTo = new Int32Array(this.arcCount);
    this.latencyNs = new Float64Array(links.length);
    this.capacityBps = new Float64Array(links.length);
    this.jitterMs = new Float64Array(links.length);
    this.lossRate = new Float64Array(links.length);
    this.up = new Uint8Array(links.length).fill(1);
    const names: string[] = [];
    const taken = new Set<string>();
    links.forEach((link, index) => {
      if (!sites[link.a] || !sites[link.b] || link.a === link.b) {
        throw new TopologyError(
          `topology ${topology.name}: link ${index} joins site ${link.a} to site ${link.b}; ` +
            `its ends must be two of the sites 0 to ${sites.length - 1}`,
        );
      }
      checkLink(topology.name, sites, link);
      let name = `${sites[link.a].id}--${sites[link.b].id}`;
      for (let n = 2; taken.has(name); n++) name = `${sites[link.a].id}--${sites[link.b].id}#${n}`;
      taken.add(name);
      names.push(name);
      this.arcFrom[2 * index] = this.arcTo[2 * index + 1] = link.a;
      this.arcTo[2 * index] = this.arcFrom[2 * index + 1] = link.b;
      this.latencyNs[index] = Math.round(link.latencyMs * rttScale * 1e6);
      this.capacityBps[index] = link.capacityBps;
      this.jitterMs[index] = link.jitterMs;
      this.lossRate[index] = link.lossRate;
    });
    this.names = names;
    this.firstArc = new Int32Array(sites.length + 1);
    this.arcsOut = new Int32Array(this.arcCount);
    this.indexArcs();
  }

  private indexArcs(): void {
    const { firstArc, arcsOut, arcFrom, arcCount, siteCount } = this;
    for (let arc = 0; arc < arcCount; arc++) firstArc[arcFrom[arc] + 1]++;
    for (let site = 0; site < siteCount; site++) firstArc[site + 1] += firstArc[site];
    const next = firstArc.slice();
    for (let arc = 0; arc < arcCount; arc++) arcsOut[next[arcFrom[arc]]++] = arc;
  }
}
