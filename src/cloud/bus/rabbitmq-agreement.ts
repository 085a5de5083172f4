import type { Wire } from '../wire.js';

/** From a leader to the nearest members that make a majority with it, and back, in ms. */
export function majorityRoundMs(sites: readonly number[], leader: number, wire: Wire): number {
  const roundTripsMs = sites
    .filter((_, member) => member !== leader)
    .map((site) => wire.roundTripMs(sites[leader], site))
    .sort((a, b) => a - b);
  const needed = Math.floor(sites.length / 2);
  return needed === 0 ? 0 : roundTripsMs[needed - 1];
}

/** Once round all sites, in their order, in ms. */
export function ringMs(sites: readonly number[], wire: Wire): number {
  return sites.reduce((sum, site, member) => {
    const next = sites[(member + 1) % sites.length];
    return sum + wire.roundTripMs(site, next) / 2;
  }, 0);
}
