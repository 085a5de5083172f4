/** Mean over time of a value that changes in steps, such as a queue's length. */
export class TimeWeighted {
  private value = 0;
  private sinceMs = 0;
  private area = 0;
  private startMs = 0;

  /** The value is `value` from `nowMs` on. */
  update(nowMs: number, value: number): void {
    this.area += this.value * (nowMs - this.sinceMs);
    this.sinceMs = nowMs;
    this.value = value;
  }

  /** From the start or the last reset to `nowMs`; NaN over no time. */
  mean(nowMs: number): number {
    const area = this.area + this.value * (nowMs - this.sinceMs);
    return nowMs > this.startMs ? area / (nowMs - this.startMs) : Number.NaN;
  }

  /** Forgets the past; the present value stays. */
  reset(nowMs: number): void {
    this.area = 0;
    this.sinceMs = nowMs;
    this.startMs = nowMs;
  }
}
