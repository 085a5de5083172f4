import type { InfrastructureView, SiteView } from './infrastructure.js';

/** A set of sites with the one that is nearest to all of them. */
export interface LatencyRegion {
  /** `region-1`, `region-2`, ... in the order of their centres among the sites. */
  readonly id: string;
  readonly centre: SiteView;
  readonly sites: readonly SiteView[];
}

function totalRoundTripMs(
  infrastructure: InfrastructureView,
  centre: SiteView,
  sites: readonly SiteView[],
): number {
  return sites.reduce((sum, site) => sum + infrastructure.roundTripMs(centre.id, site.id), 0);
}

/** The site (of `among`, default all) with the least sum of round-trip times to them; ties: the first. */
export function mostCentralSite(
  infrastructure: InfrastructureView,
  among: readonly SiteView[] = infrastructure.sites,
): SiteView {
  let best = among[0];
  let least = Number.POSITIVE_INFINITY;
  for (const site of among) {
    const total = totalRoundTripMs(infrastructure, site, among);
    if (total < least) {
      least = total;
      best = site;
    }
  }
  return best;
}

function nearestCentre(
  infrastructure: InfrastructureView,
  site: SiteView,
  centres: readonly SiteView[],
): number {
  let best = 0;
  for (let i = 1; i < centres.length; i++) {
    const nearer =
      infrastructure.roundTripMs(site.id, centres[i].id) <
      infrastructure.roundTripMs(site.id, centres[best].id);
    if (nearer) best = i;
  }
  return best;
}

/** Begins with the most central site, then always adds the site farthest from all chosen (Gonzalez 1985). */
function farthestFirst(infrastructure: InfrastructureView, count: number): SiteView[] {
  const centres = [mostCentralSite(infrastructure)];
  while (centres.length < count) {
    let farthest: SiteView | undefined;
    let distance = -1;
    for (const site of infrastructure.sites) {
      if (centres.includes(site)) continue;
      const ms = Math.min(
        ...centres.map((centre) => infrastructure.roundTripMs(site.id, centre.id)),
      );
      if (ms > distance) {
        distance = ms;
        farthest = site;
      }
    }
    if (!farthest) break;
    centres.push(farthest);
  }
  return centres;
}

/**
 * Splits the sites into at most `count` regions of low latency: k-medoids over round-trip times,
 * begun farthest-first and improved until nothing changes. Deterministic: ties go to the first site.
 */
export function partitionByLatency(
  infrastructure: InfrastructureView,
  count: number,
): LatencyRegion[] {
  let centres = farthestFirst(infrastructure, Math.min(count, infrastructure.sites.length));
  let members: SiteView[][] = [];
  for (let round = 0; round < 50; round++) {
    members = centres.map(() => []);
    for (const site of infrastructure.sites)
      members[nearestCentre(infrastructure, site, centres)].push(site);
    // Sites at one place have one centre: the other would stay without members.
    const inhabited = members.map((sites) => sites.length > 0);
    centres = centres.filter((_, i) => inhabited[i]);
    members = members.filter((_, i) => inhabited[i]);
    const better = members.map((sites) => mostCentralSite(infrastructure, sites));
    if (better.every((centre, i) => centre === centres[i])) break;
    centres = better;
  }
  const order = centres.map((centre, i) => ({ centre, sites: members[i] }));
  const rank = (site: SiteView) => infrastructure.sites.indexOf(site);
  order.sort((a, b) => rank(a.centre) - rank(b.centre));
  return order.map(({ centre, sites }, i) => ({ id: `region-${i + 1}`, centre, sites }));
}
