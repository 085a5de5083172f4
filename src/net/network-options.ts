import { MAX_WINDOW_BYTES } from './tcp.js';

/** Settings of a network that are not the topology's. */
export interface NetworkOptions {
  /** Multiplies every propagation delay. */
  readonly rttScale: number;
  /**
   * One-way time between two hosts of a site. Assumption: a switched LAN of 0.1 ms round trip; 0.03
   * was measured for two hosts on one software switch. Range 0.015 to 0.25.
   */
  readonly siteTransitMs: number;
  /**
   * Rate of a host's own link, which is also that of a transfer within a site. Assumption: 10 Gbit/s;
   * range 1 to 100.
   */
  readonly siteRateBps: number;
  /**
   * Size of the drop-tail queue in front of each link, as the time that the link takes to empty it.
   * Assumption: 20 ms, that of 256 kB at 100 Mbit/s; range 1 to 200.
   */
  readonly bufferMs: number;
  /** What the TCP buffers of a host hold of one bulk flow. */
  readonly maxWindowBytes: number;
}

export const DEFAULT_NETWORK_OPTIONS: NetworkOptions = {
  rttScale: 1,
  siteTransitMs: 0.05,
  siteRateBps: 10e9,
  bufferMs: 20,
  maxWindowBytes: MAX_WINDOW_BYTES,
};
