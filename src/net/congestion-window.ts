import { CUBIC_DECREASE, CUBIC_GROWTH, INITIAL_WINDOW_SEGMENTS, SEGMENT_BYTES } from './tcp.js';

/**
 * `slow-start`: doubles every round trip. `avoidance`: CUBIC's curve after a loss. `open`: as large as
 * buffers allow, so that the rate is the window's or the network's alone, and needs no more steps.
 */
export type WindowPhase = 'slow-start' | 'avoidance' | 'open';

/** Shortest time between two steps of the CUBIC curve; it is smooth, so finer steps gain nothing. */
const AVOIDANCE_STEP_MS = 20;

/**
 * Congestion window of one bulk flow, stepped once a round trip while it limits the flow.
 *
 * Slow start ends in one of four ways: the window reaches the buffers of the hosts (`open`), the
 * network gives less than the window asks for (`open`), a packet is lost at random (`avoidance`), or
 * the doubling overruns the queue in front of a slow link: a round that begins with w segments in
 * flight leaves about w in that queue, since packets come in twice as fast as they leave. Where w is
 * more than the queue holds, packets are lost with 2 w in flight (`avoidance` from 0.7 x 2 w).
 */
export class CongestionWindow {
  phase: WindowPhase = 'slow-start';
  segments = INITIAL_WINDOW_SEGMENTS;
  private beforeLoss = 0;
  private lossMs = 0;

  /**
   * @param maxSegments what the hosts' buffers hold.
   * @param lossy true where links of the path lose packets: the window then never stays open.
   */
  constructor(
    private readonly maxSegments: number,
    private readonly lossy: () => boolean,
  ) {}

  get bytes(): number {
    return this.segments * SEGMENT_BYTES;
  }

  /** Time until `step` is to be called again; Infinity when it need not be. */
  stepMs(roundTripMs: number): number {
    if (this.phase === 'open') return Infinity;
    if (this.phase === 'slow-start') return roundTripMs;
    return Math.max(roundTripMs, AVOIDANCE_STEP_MS);
  }

  /**
   * @param deliveredShare how much of what the window allowed in this round was sent, 0 to 1.
   * @param queueSegments what the queue in front of the slowest link holds.
   */
  step(nowMs: number, roundTripMs: number, deliveredShare: number, queueSegments: number): void {
    const limitedByNetwork = deliveredShare < 0.999;
    if (this.phase === 'slow-start') this.stepSlowStart(nowMs, limitedByNetwork, queueSegments);
    else if (this.phase === 'avoidance') {
      const sent = this.segments * deliveredShare;
      this.segments = this.cubicSegments(nowMs, roundTripMs);
      if (limitedByNetwork) this.segments = Math.min(this.segments, sent + queueSegments);
      if (limitedByNetwork && !this.lossy()) this.open();
    }
    if (this.segments >= this.maxSegments) this.open();
  }

  /** A packet was lost while `inFlight` segments were under way. */
  lose(nowMs: number, inFlight: number): void {
    const window = Math.min(inFlight, this.maxSegments);
    // Fast convergence (RFC 9438, section 4.7): a flow that shrinks leaves room to others.
    const shrinking = this.phase === 'avoidance' && window < this.beforeLoss;
    this.beforeLoss = shrinking ? (window * (1 + CUBIC_DECREASE)) / 2 : window;
    this.segments = Math.max(2, window * CUBIC_DECREASE);
    this.lossMs = nowMs;
    this.phase = 'avoidance';
  }

  private stepSlowStart(nowMs: number, limitedByNetwork: boolean, queueSegments: number): void {
    if (limitedByNetwork && !this.lossy()) this.open();
    else if (this.segments > queueSegments) this.lose(nowMs, 2 * this.segments);
    else if (!limitedByNetwork) this.segments *= 2;
  }

  private open(): void {
    this.segments = this.maxSegments;
    if (!this.lossy()) this.phase = 'open';
  }

  /** The larger of CUBIC's curve and that of the TCP it must not fall behind (section 4.3). */
  private cubicSegments(nowMs: number, roundTripMs: number): number {
    const elapsedS = (nowMs - this.lossMs) / 1000;
    const plateauS = Math.cbrt((this.beforeLoss * (1 - CUBIC_DECREASE)) / CUBIC_GROWTH);
    const cubic = CUBIC_GROWTH * (elapsedS - plateauS) ** 3 + this.beforeLoss;
    const friendlyGrowth = (3 * (1 - CUBIC_DECREASE)) / (1 + CUBIC_DECREASE);
    const friendly =
      this.beforeLoss * CUBIC_DECREASE + (friendlyGrowth * (nowMs - this.lossMs)) / roundTripMs;
    return Math.max(cubic, friendly, 2);
  }
}
