/** Who asks for a row at a member. */
export interface RowUser {
  /** The row is its own now. */
  rowGranted(): void;
  /** A write set of another member needs the row that it waits for or holds (a brute-force abort). */
  rowClaimed(): void;
}

interface Row {
  holder: RowUser | undefined;
  waiting: RowUser[];
  /** The applier needs it: nobody else gets it before. */
  isClaimed: boolean;
  /** What the applier does when nobody holds it any more. */
  ready: (() => void) | undefined;
  /** Of the last write set that was applied or committed here. */
  version: number;
}

/** The locks of one member's rows, and the versions in which they stand there. */
export class RowTable {
  private readonly rows = new Map<number, Row>();

  version(row: number): number {
    return this.rows.get(row)?.version ?? 0;
  }

  /** First come, first served. */
  acquire(number: number, user: RowUser): void {
    const row = this.row(number);
    row.waiting.push(user);
    this.grant(row);
  }

  release(number: number, user: RowUser): void {
    const row = this.row(number);
    if (row.holder !== user) return;
    row.holder = undefined;
    this.grant(row);
  }

  /** This member's own transaction has written the row; it still holds it. */
  written(number: number, version: number): void {
    this.row(number).version = version;
  }

  /**
   * The applier needs the row: who waits for it or holds it must give way. A holder whose write set
   * is on its way gives it back when that comes back; the applier waits so long.
   */
  claim(number: number, ready: () => void): void {
    const row = this.row(number);
    const { waiting, holder } = row;
    row.waiting = [];
    row.isClaimed = true;
    row.ready = ready;
    for (const user of waiting) user.rowClaimed();
    holder?.rowClaimed();
    this.grant(row);
  }

  applied(number: number, version: number): void {
    const row = this.row(number);
    row.version = version;
    row.isClaimed = false;
    this.grant(row);
  }

  /** As at another member, from which this one has fetched all. */
  copyVersions(other: RowTable): void {
    for (const [number, { version }] of other.rows) this.row(number).version = version;
  }

  private grant(row: Row): void {
    if (row.holder) return;
    if (row.isClaimed) {
      const { ready } = row;
      row.ready = undefined;
      ready?.();
      return;
    }
    row.holder = row.waiting.shift();
    row.holder?.rowGranted();
  }

  private row(number: number): Row {
    let row = this.rows.get(number);
    if (!row) {
      row = { holder: undefined, waiting: [], isClaimed: false, ready: undefined, version: 0 };
      this.rows.set(number, row);
    }
    return row;
  }
}
