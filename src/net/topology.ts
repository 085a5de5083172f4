/**
 * A topology is plain data: sites and the links between them. Importers and generators make it,
 * `Network` simulates it. It crosses threads and is hashed into a run's key, so it holds no classes.
 */

/** Where a site stands between the core and the street. */
export const TOPOLOGY_TIERS = ['core', 'regional', 'micro', 'nano', 'extreme-edge'] as const;
export type TopologyTier = (typeof TOPOLOGY_TIERS)[number];

export interface TopologySite {
  /** Kebab-case, unique within the topology, made from the name. */
  readonly id: string;
  /** As the source writes it; two sites may share a name. */
  readonly name: string;
  readonly tier: TopologyTier;
  /** Degrees east and north; undefined where the source has none. */
  readonly longitude?: number;
  readonly latitude?: number;
  /** Compute nodes here, where the topology says so; otherwise the experiment does. */
  readonly computes?: number;
}

export type LinkMedium = 'wired' | 'wireless';

/** A full-duplex link: each direction has the whole capacity. */
export interface TopologyLink {
  /** Indices into `sites`. */
  readonly a: number;
  readonly b: number;
  /** One-way propagation delay. */
  readonly latencyMs: number;
  readonly capacityBps: number;
  /** Mean of the random delay that a message meets on top, exponential; 0 for none. */
  readonly jitterMs: number;
  /** Probability that the link drops a packet, 0 <= lossRate < 1. */
  readonly lossRate: number;
  readonly medium: LinkMedium;
}

export interface Topology {
  readonly name: string;
  /** Where the data came from and under which licence; printed with results. */
  readonly attribution: string;
  readonly sites: readonly TopologySite[];
  readonly links: readonly TopologyLink[];
}

/** What an importer assumes where the source is silent. */
export interface TopologySettings {
  /** Propagation in fibre, microseconds per km. */
  readonly microsecondsPerKm: number;
  /** Cable length over great-circle length. */
  readonly pathStretch: number;
  readonly defaultCapacityBps: number;
  readonly defaultJitterMs: number;
  readonly defaultLossRate: number;
  /** Tier of every imported site. */
  readonly tier: TopologyTier;
}

export const DEFAULT_TOPOLOGY_SETTINGS: TopologySettings = {
  // Light in standard single-mode fibre: group index 1.4682 at 1550 nm over 299,792 km/s gives
  // 4.90 us/km; 4.92 is the value that TopologyBench uses.
  microsecondsPerKm: 4.92,
  // TopologyBench's factor from great-circle to fibre length.
  pathStretch: 1.5,
  // Assumption: a wavelength of a research backbone of about 2012. Plausible range 1 to 100 Gbit/s.
  defaultCapacityBps: 10e9,
  // Assumption: an uncongested wired backbone has neither; studies of bad links set them.
  defaultJitterMs: 0,
  defaultLossRate: 0,
  tier: 'regional',
};

/** Bad topology data. The message names the topology and what is wrong; shown to users as it is. */
export class TopologyError extends Error {
  override name = 'TopologyError';
}
