/** Who asks for a row at a member. */
export interface RowUser {
  /** The row is its own now. */
  rowGranted(): void;
  /** Another member's transaction wrote it while this one waited (a brute-force abort). */
  rowLost(): void;
}

interface Row {
  holder: RowUser | undefined;
  waiting: RowUser[];
  /** Write sets that the applier has still to apply to it: nobody else gets it before. */
  applying: number;
  /** Of the last write set that this member knows. */
  version: number;
}

/** The locks of one member's rows, and what it knows of their versions. */
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

  /** A write set of another member is to be applied: who waits for the row loses. */
  overtaken(number: number, version: number): void {
    const row = this.row(number);
    row.version = version;
    row.applying++;
    const { waiting } = row;
    row.waiting = [];
    for (const user of waiting) user.rowLost();
  }

  applied(number: number): void {
    const row = this.row(number);
    row.applying--;
    this.grant(row);
  }

  private grant(row: Row): void {
    if (row.holder || row.applying > 0) return;
    row.holder = row.waiting.shift();
    row.holder?.rowGranted();
  }

  private row(number: number): Row {
    let row = this.rows.get(number);
    if (!row) {
      row = { holder: undefined, waiting: [], applying: 0, version: 0 };
      this.rows.set(number, row);
    }
    return row;
  }
}
