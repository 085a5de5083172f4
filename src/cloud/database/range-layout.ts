import type { Member, Wire } from '../wire.js';

/** Where the range of a table is kept. */
export interface RangePlace {
  /** Replica that serves reads and proposes writes. */
  readonly leaseholder: number;
  /** The others that hold it, nearest to the leaseholder first. */
  readonly followers: readonly number[];
  /** Round trip to the farthest of the nearest majority, in ms. */
  readonly quorumMs: number;
}

/** What a deployment says of ranges, in the settings of its database. */
export interface RangeSettings {
  /** Copies of each range. */
  readonly copies: number;
  /** Positions of the replicas that may hold ranges. */
  readonly allowed: readonly number[];
  /** True: the first of them holds every lease; false: tables take turns. */
  readonly leasesAtFirst: boolean;
}

/**
 * Reads `range-replicas` (positions from 1, such as `1,4,7`; default all) and `leases` (`spread`,
 * the default, or `first`).
 * @throws Error naming the setting and its value
 */
export function rangeSettings(
  settings: Readonly<Record<string, number | boolean | string>> | undefined,
  replicas: number,
  copies: number,
): RangeSettings {
  const leases = settings?.leases ?? 'spread';
  if (leases !== 'spread' && leases !== 'first') {
    throw new Error(`setting leases is "${leases}"; there are: spread, first`);
  }
  const given = settings?.['range-replicas'];
  const all = Array.from({ length: replicas }, (_, position) => position);
  const allowed =
    given === undefined
      ? all
      : String(given)
          .split(',')
          .map((text) => Number(text) - 1);
  for (const position of allowed) {
    if (!all.includes(position)) {
      throw new Error(
        `setting range-replicas is "${given}"; it needs positions from 1 to ${replicas}`,
      );
    }
  }
  return { copies: Math.min(copies, allowed.length), allowed, leasesAtFirst: leases === 'first' };
}

/**
 * Where the range of the `table`-th table is kept. Leases are spread evenly over the replicas, so
 * the tables take turns. The first is all that nobody names, the system's: it stays at the first
 * replica, where a cluster is bootstrapped. The other copies are spread over the rest.
 */
export function placeRange(
  table: number,
  { copies, allowed, leasesAtFirst }: RangeSettings,
  members: readonly Member[],
  wire: Wire,
): RangePlace {
  const turn = leasesAtFirst ? 0 : table % allowed.length;
  const step = Math.max(1, Math.floor(allowed.length / copies));
  const leaseholder = allowed[turn];
  const { site } = members[leaseholder];
  const rttMs = (other: number) => wire.roundTripMs(site, members[other].site);
  const followers = Array.from(
    { length: copies - 1 },
    (_, index) => allowed[(turn + (index + 1) * step) % allowed.length],
  ).sort((a, b) => rttMs(a) - rttMs(b) || a - b);
  const acknowledgements = Math.floor(copies / 2);
  const quorumMs = acknowledgements === 0 ? 0 : rttMs(followers[acknowledgements - 1]);
  return { leaseholder, followers, quorumMs };
}
