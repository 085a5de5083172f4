import type { LinkTable } from './link-table.js';

/** Kinds of traffic that a network can tell apart. */
export const MAX_TRAFFIC_KINDS = 16;

/** Length of the window of which the busiest gives the peak utilisation. */
export const PEAK_WINDOW_MS = 10_000;

/** What one link carried of one kind of traffic, both directions. */
export interface LinkTrafficResult {
  /** `siteA--siteB`. */
  link: string;
  traffic: string;
  /** With Ethernet, IP and TCP headers. */
  bytes: number;
  messages: number;
  /** Share of the capacity, all kinds together, in the direction that carried more. */
  meanUtilisation: number;
  /** The same in the busiest window of 10 s. */
  peakUtilisation: number;
}

/** Told about the ends of windows: it books what is still under way, and reads the window's sums. */
export interface WindowObserver {
  beforeWindowEnds(timeMs: number): void;
  afterWindowEnded(): void;
}

/**
 * Counts what links carry. Bytes and messages count when they are sent; utilisation counts them when
 * the link can have carried them, so that it never exceeds 1: what is more than a window's worth is
 * left over to the next window.
 */
export class LinkAccounting {
  /** [traffic * arcCount + arc]: a run has few kinds, and what it has lies close. */
  readonly bytes: Float64Array;
  readonly messages: Float64Array;
  /** Bytes on the line (framing included) since the window began, with those left over. */
  readonly windowBytes: Float64Array;
  /** Of these, bytes of messages, not of bulk flows; without those left over. */
  readonly windowMessageBytes: Float64Array;
  observer: WindowObserver | undefined;
  windowEndMs = PEAK_WINDOW_MS;
  private readonly carriedBytes: Float64Array;
  private readonly peakShare: Float64Array;
  private startMs = 0;
  readonly arcCount: number;

  constructor(private readonly links: LinkTable) {
    this.arcCount = links.arcCount;
    this.bytes = new Float64Array(links.arcCount * MAX_TRAFFIC_KINDS);
    this.messages = new Float64Array(links.arcCount * MAX_TRAFFIC_KINDS);
    this.windowBytes = new Float64Array(links.arcCount);
    this.windowMessageBytes = new Float64Array(links.arcCount);
    this.carriedBytes = new Float64Array(links.arcCount);
    this.peakShare = new Float64Array(links.arcCount);
  }

  /** Begins anew, as at the end of the warm-up. */
  reset(nowMs: number): void {
    this.bytes.fill(0);
    this.messages.fill(0);
    this.windowBytes.fill(0);
    this.windowMessageBytes.fill(0);
    this.carriedBytes.fill(0);
    this.peakShare.fill(0);
    this.startMs = nowMs;
    this.windowEndMs = nowMs + PEAK_WINDOW_MS;
  }

  /** Closes the windows that end up to now. To be called before anything is booked. */
  advanceTo(nowMs: number): void {
    while (this.windowEndMs <= nowMs) {
      this.observer?.beforeWindowEnds(this.windowEndMs);
      this.closeWindow();
      this.observer?.afterWindowEnded();
      this.windowMessageBytes.fill(0);
    }
  }

  private closeWindow(): void {
    for (let arc = 0; arc < this.links.arcCount; arc++) {
      const room = this.roomBytes(arc, PEAK_WINDOW_MS);
      const carried = Math.min(this.windowBytes[arc], room);
      this.carriedBytes[arc] += carried;
      this.windowBytes[arc] -= carried;
      if (carried > this.peakShare[arc] * room) this.peakShare[arc] = carried / room;
    }
    this.windowEndMs += PEAK_WINDOW_MS;
  }

  /** Bytes of all kinds on one arc. */
  bytesOf(arc: number): number {
    let sum = 0;
    for (let traffic = 0; traffic < MAX_TRAFFIC_KINDS; traffic++) {
      sum += this.bytes[traffic * this.arcCount + arc];
    }
    return sum;
  }

  /** One row for each link and kind of traffic that it carried, by link, then traffic. */
  results(nowMs: number, trafficNames: readonly string[]): LinkTrafficResult[] {
    const rows: LinkTrafficResult[] = [];
    for (let link = 0; link < this.links.linkCount; link++) {
      const meanUtilisation = this.meanShare(link, nowMs);
      const peakUtilisation = Math.max(
        this.peakOf(2 * link, nowMs),
        this.peakOf(2 * link + 1, nowMs),
      );
      for (let traffic = 0; traffic < trafficNames.length; traffic++) {
        const forth = traffic * this.arcCount + 2 * link;
        const back = forth + 1;
        const messages = this.messages[forth] + this.messages[back];
        const bytes = this.bytes[forth] + this.bytes[back];
        if (messages === 0 && bytes === 0) continue;
        rows.push({
          link: this.links.names[link],
          traffic: trafficNames[traffic],
          bytes,
          messages,
          meanUtilisation,
          peakUtilisation,
        });
      }
    }
    return rows.sort((x, y) => compare(x.link, y.link) || compare(x.traffic, y.traffic));
  }

  private meanShare(link: number, nowMs: number): number {
    const elapsedMs = nowMs - this.startMs;
    if (!(elapsedMs > 0)) return 0;
    const sinceWindowMs = nowMs - (this.windowEndMs - PEAK_WINDOW_MS);
    let most = 0;
    for (const arc of [2 * link, 2 * link + 1]) {
      const last = Math.min(this.windowBytes[arc], this.roomBytes(arc, sinceWindowMs));
      most = Math.max(most, (this.carriedBytes[arc] + last) / this.roomBytes(arc, elapsedMs));
    }
    return most;
  }

  /** A run shorter than a window has its whole length for one. */
  private peakOf(arc: number, nowMs: number): number {
    const windowStartMs = this.windowEndMs - PEAK_WINDOW_MS;
    if (windowStartMs > this.startMs || !(nowMs > this.startMs)) return this.peakShare[arc];
    const room = this.roomBytes(arc, nowMs - this.startMs);
    return Math.min(1, this.windowBytes[arc] / room);
  }

  private roomBytes(arc: number, ms: number): number {
    return (this.links.capacityBps[arc >> 1] * ms) / 8000;
  }
}

function compare(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}
