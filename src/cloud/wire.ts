import type { ProcessorSharing } from '../resources/processor-sharing.js';

/** What brokers and database replicas need of the network to talk to each other. */
export interface Wire {
  /** Delay of a message sent now, in ms. */
  transitMs(from: number, to: number, bytes: number, traffic: number): number;
  roundTripMs(a: number, b: number): number;
  /** Wire time of so many exchanges in a row; a client library that lives in a backend needs it. */
  trainMs?(
    from: number,
    to: number,
    roundTrips: number,
    bytesOut: number,
    bytesIn: number,
    traffic: number,
  ): number;
}

/** A broker or replica: where it stands and whose cores it uses. */
export interface Member {
  readonly site: number;
  readonly cpu: ProcessorSharing;
}

/** The member nearest to a site, its own before all others; ties: the first. */
export function nearestMember(members: readonly Member[], site: number, wire: Wire): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < members.length; i++) {
    const ms = members[i].site === site ? 0 : wire.roundTripMs(site, members[i].site);
    if (ms < least) {
      least = ms;
      best = i;
    }
  }
  return best;
}
