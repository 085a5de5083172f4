/** The last commit of a row, and the last before it through another replica. */
interface RowCommits {
  replica: number;
  ms: number;
  beforeMs: number;
}

/** Who committed which row when, for a backend whose transactions fail where they overlap. */
export class RowHistory {
  private readonly rows = new Map<number, RowCommits>();

  committed(row: number, replica: number, nowMs: number): void {
    const last = this.rows.get(row);
    if (!last) this.rows.set(row, { replica, ms: nowMs, beforeMs: Number.NEGATIVE_INFINITY });
    else {
      if (last.replica !== replica) last.beforeMs = last.ms;
      last.replica = replica;
      last.ms = nowMs;
    }
  }

  /** True where another replica has committed the row since. */
  isOvertaken(row: number, replica: number, sinceMs: number): boolean {
    const last = this.rows.get(row);
    if (!last) return false;
    return (last.replica === replica ? last.beforeMs : last.ms) > sinceMs;
  }
}
