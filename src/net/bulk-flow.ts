import type { EventKind } from '../kernel/event-kind.js';
import type { EventHandle } from '../kernel/simulator.js';
import { CongestionWindow } from './congestion-window.js';
import type { SharingFlow } from './fair-share.js';
import { SEGMENT_BYTES } from './tcp.js';

/** Shortest round trip there is: two hosts on one switch without delay, as measured by ping. */
const MIN_ROUND_TRIP_MS = 0.03;

/** One bulk transfer under way: a fluid that leaves its source at `rateBps` of payload. */
export class BulkFlow implements SharingFlow {
  path = new Int32Array(0);
  /** Where this flow stands in the list of flows of each arc of its path. */
  places = new Int32Array(0);
  capBps = 0;
  shareBps = 0;
  frozen = true;
  /** The sharing out that last reached this flow. */
  sharedIn = 0;
  rateBps = 0;
  remainingBytes: number;
  /** Up to when `remainingBytes` is right. */
  settledMs: number;
  /** Its next step, or its delivery. */
  event: EventHandle = 0;
  window: CongestionWindow;
  roundStartMs: number;
  roundEndMs = Infinity;
  roundBytes = 0;
  /** Segments until the next random loss. */
  segmentsToLoss = Infinity;
  lastLossMs = -Infinity;
  /** Wait for retransmissions after the last byte was first sent. */
  tailMs = 0;
  latencyMs = 0;
  roundTripMs = MIN_ROUND_TRIP_MS;
  /** Payload rate of the slowest link of the path. */
  pathBps = 0;
  /** The arc of that link in this direction; -1 before a path is known. */
  slowestArc = -1;
  /** What the queue in front of it holds; Infinity where the sender cannot overrun it. */
  queueSegments = Infinity;
  /** Probability that a packet is lost on the path. */
  lossRate = 0;
  /** False while no way leads to the destination. */
  routed = false;
  /** True when all was sent and the last byte is on its way. */
  sent = false;

  constructor(
    readonly id: number,
    readonly from: number,
    readonly to: number,
    readonly traffic: number,
    bytes: number,
    nowMs: number,
    private readonly maxWindowBytes: number,
    readonly kind: EventKind<unknown>,
    readonly target: unknown,
    readonly argument: number,
  ) {
    this.remainingBytes = bytes;
    this.settledMs = nowMs;
    this.roundStartMs = nowMs;
    this.window = this.newWindow();
  }

  setRoundTrip(propagationMs: number): void {
    this.latencyMs = propagationMs;
    this.roundTripMs = Math.max(MIN_ROUND_TRIP_MS, 2 * propagationMs);
  }

  /** A connection that lost its way begins again with the initial window. */
  restart(): void {
    this.window = this.newWindow();
  }

  /** True where all that is left fits the window of slow start: it leaves in one burst. */
  inLastBurst(): boolean {
    return this.window.phase === 'slow-start' && this.remainingBytes <= this.window.bytes;
  }

  /** Rate that the window allows, at most that of the slowest link. */
  windowRateBps(): number {
    if (this.inLastBurst()) return this.pathBps;
    return Math.min(this.pathBps, (this.window.bytes * 8000) / this.roundTripMs);
  }

  beginRound(nowMs: number): void {
    this.roundStartMs = nowMs;
    this.roundEndMs = nowMs + this.window.stepMs(this.roundTripMs);
    this.roundBytes = 0;
  }

  /** Steps the window at the end of a round, with what this flow has of the queue before it. */
  endRound(nowMs: number, queueSegments: number): void {
    const rounds = (nowMs - this.roundStartMs) / this.roundTripMs;
    const allowed = this.window.bytes * rounds;
    const share = allowed > 0 ? Math.min(1, this.roundBytes / allowed) : 1;
    this.window.step(nowMs, this.roundTripMs, share, queueSegments);
  }

  /** A random loss; several in one round trip are repaired as one. */
  lose(nowMs: number): void {
    if (this.inLastBurst()) {
      // What was lost is sent again when the acknowledgements of the burst come in.
      this.tailMs = this.roundTripMs;
      return;
    }
    if (nowMs - this.lastLossMs < this.roundTripMs) return;
    this.lastLossMs = nowMs;
    const { segments, phase } = this.window;
    const progress = Math.min(1, (nowMs - this.roundStartMs) / this.roundTripMs);
    // It is noticed a round trip later, in which slow start has doubled the window once more.
    const allowed = phase === 'slow-start' ? 2 * segments * (1 + progress) : segments;
    const sent = (this.rateBps * this.roundTripMs) / (8000 * SEGMENT_BYTES);
    const held = phase === 'slow-start' ? this.pathSegments() : sent;
    const inFlight = Math.min(allowed, held + this.queueSegments);
    this.window.lose(nowMs, inFlight);
  }

  /** Segments that the slowest link carries in a round trip. */
  private pathSegments(): number {
    return (this.pathBps * this.roundTripMs) / (8000 * SEGMENT_BYTES);
  }

  /** Time from now until something happens to this flow at its present rate. */
  nextEventMs(nowMs: number): number {
    const roundMs = Math.max(0, this.roundEndMs - nowMs);
    if (!(this.rateBps > 0)) return this.routed ? roundMs : Infinity;
    const bytesPerMs = this.rateBps / 8000;
    const lossMs = (this.segmentsToLoss * SEGMENT_BYTES) / bytesPerMs;
    return Math.min(this.remainingBytes / bytesPerMs, roundMs, Math.max(0, lossMs));
  }

  /** All sent, but for what rounding of times of about 1e-6 ms leaves. */
  isSent(): boolean {
    return this.remainingBytes <= 0.01 + (this.rateBps / 8000) * 1e-6;
  }

  private newWindow(): CongestionWindow {
    return new CongestionWindow(this.maxWindowBytes / SEGMENT_BYTES, () => this.lossRate > 0);
  }
}
