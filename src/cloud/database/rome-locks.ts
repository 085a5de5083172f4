/**
 * ROME's lock of an object: an entry of a Redis hash that whoever finds it older than its time to
 * live may remove. So a holder that takes longer than that is no longer alone.
 */
export class RomeLocks {
  /** Until when each row is held, by its number. */
  private readonly heldUntilMs = new Map<number, number>();

  constructor(private readonly timeToLiveMs: number) {}

  /** Takes the lock of a row, or says that another holds it. */
  tryLock(row: number, nowMs: number): boolean {
    if ((this.heldUntilMs.get(row) ?? 0) > nowMs) return false;
    this.heldUntilMs.set(row, nowMs + this.timeToLiveMs);
    return true;
  }

  unlock(row: number, nowMs: number): void {
    this.heldUntilMs.set(row, nowMs);
  }
}
