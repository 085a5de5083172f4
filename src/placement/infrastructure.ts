/** Where a site stands between the core and the street. */
export const SITE_TIERS = ['core', 'regional', 'micro', 'nano', 'extreme-edge'] as const;
export type SiteTier = (typeof SITE_TIERS)[number];

/** A site as a placement model sees it. */
export interface SiteView {
  readonly id: string;
  readonly name: string;
  readonly tier: SiteTier;
  /** Degrees, undefined where the topology has none. */
  readonly longitude?: number;
  readonly latitude?: number;
  /** Compute nodes here. */
  readonly computes: number;
  /** Cores of a control node here. */
  readonly controlCores: number;
}

/** The infrastructure as a placement model sees it: read-only, in a fixed order of sites. */
export interface InfrastructureView {
  readonly sites: readonly SiteView[];
  /** Round-trip propagation time over the least-latency route, in ms; 0 within a site. */
  roundTripMs(siteA: string, siteB: string): number;
}
