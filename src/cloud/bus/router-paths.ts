import type { Wire } from '../wire.js';

/** How routers are joined. */
export const ROUTER_TOPOLOGIES = ['mesh', 'line', 'star'] as const;
export type RouterTopology = (typeof ROUTER_TOPOLOGIES)[number];

/** @throws Error naming those that exist. */
export function routerTopology(name: unknown): RouterTopology {
  const found = ROUTER_TOPOLOGIES.find((topology) => topology === name);
  if (!found) {
    const known = ROUTER_TOPOLOGIES.join(', ');
    throw new Error(`routers have no topology "${String(name)}"; there are: ${known}`);
  }
  return found;
}

/**
 * Which router a delivery goes to next. Every connection between routers costs 1, as is the default,
 * so the shortest path is that of the fewest routers; in these topologies there is only one.
 */
export class RouterPaths {
  constructor(
    readonly topology: RouterTopology,
    private readonly sites: readonly number[],
    private readonly wire: Wire,
  ) {}

  next(from: number, to: number): number {
    if (this.topology === 'line') return from < to ? from + 1 : from - 1;
    if (this.topology === 'star' && from !== 0 && to !== 0) return 0;
    return to;
  }

  /** Routers that a delivery passes, both ends included. */
  routers(from: number, to: number): number {
    let count = 1;
    for (let at = from; at !== to; at = this.next(at, to)) count++;
    return count;
  }

  /** Round trip over the path, in ms. */
  roundTripMs(from: number, to: number): number {
    let ms = 0;
    for (let at = from; at !== to; ) {
      const next = this.next(at, to);
      ms += this.wire.roundTripMs(this.sites[at], this.sites[next]);
      at = next;
    }
    return ms;
  }
}
