import type { Simulator } from '../../kernel/simulator.js';

/**
 * A member's part in Galera's flow control: it asks for a pause while its applier's queue is over the
 * limit, and holds its own write sets back while anybody asks for one. The asking goes through the
 * group's order like a write set.
 */
export class FlowControl {
  private asks = false;
  private pauses = 0;
  private sinceMs = 0;
  private totalMs = 0;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly simulator: Simulator,
    private readonly limit: number,
    private readonly ask: (change: number) => void,
  ) {}

  /** Time for which write sets were held back here, in ms. */
  get pausedMs(): number {
    return this.totalMs + (this.pauses > 0 ? this.simulator.now - this.sinceMs : 0);
  }

  /** The applier's queue has this length now. */
  queued(length: number): void {
    const over = length > this.limit;
    if (over === this.asks) return;
    this.asks = over;
    this.ask(over ? 1 : -1);
  }

  /** A member has asked for a pause, or for its end. */
  asked(change: number): void {
    const { now } = this.simulator;
    if (this.pauses === 0) this.sinceMs = now;
    this.pauses += change;
    if (this.pauses > 0) return;
    this.totalMs += now - this.sinceMs;
    const { waiting } = this;
    this.waiting = [];
    for (const send of waiting) send();
  }

  /** A new view: whoever has asked for a pause asks again. */
  reset(): void {
    this.asks = false;
    if (this.pauses > 0) this.asked(-this.pauses);
  }

  pass(send: () => void): void {
    if (this.pauses > 0) this.waiting.push(send);
    else send();
  }
}
