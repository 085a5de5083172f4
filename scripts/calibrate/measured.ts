import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One row of a measured table; `number` of an empty cell is NaN. */
export class MeasuredRow {
  constructor(private readonly cells: ReadonlyMap<string, string>) {}

  text(column: string): string {
    const cell = this.cells.get(column);
    if (cell === undefined) throw new Error(`the table has no column "${column}"`);
    return cell;
  }

  number(column: string): number {
    const text = this.text(column);
    return text === '' ? Number.NaN : Number(text);
  }
}

const FOLDER = fileURLToPath(new URL('measurements/', import.meta.url));

/** Rows of `<name>.csv`; none of the tables has a quoted cell. */
export function readMeasured(name: string, folder = FOLDER): MeasuredRow[] {
  const file = join(folder, `${name}.csv`);
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line, index) => {
    const cells = line.split(',');
    if (cells.length !== columns.length) {
      throw new Error(
        `${file}:${index + 2}: ${cells.length} cells under ${columns.length} columns`,
      );
    }
    return new MeasuredRow(new Map(columns.map((column, place) => [column, cells[place]])));
  });
}

/** Round trip of the WAN lab's nominal round trips, by ping. */
const PINGED_MS: Readonly<Record<string, number>> = {
  '0': 0.03,
  '2': 2.06,
  '10': 10.07,
  '50': 50.08,
  '150': 150.11,
};

export function pingedMs(nominal: number): number {
  const ms = PINGED_MS[String(nominal)];
  if (ms === undefined) throw new Error(`no ping was measured at RTT ${nominal}`);
  return ms;
}
