/** What stands in a cell before it is printed; NaN prints as an empty cell. */
export type CellValue = number | string | boolean;

/**
 * One column of an output file. The CSV, dictionary.csv and docs/reference/outputs.md all come
 * from these definitions, so that they cannot drift apart.
 */
export interface Column<Row> {
  /** In snake_case with the unit last, such as `mean_ms`. */
  name: string;
  /** `ms`, `bytes`, `count`, `share` (0 to 1), `text`, `yes or no`... */
  unit: string;
  meaning: string;
  /** How it is computed; empty where it is read off. */
  formula: string;
  /** Digits after the point. Default 0. */
  decimals?: number;
  value(row: Row): CellValue;
}

/** One output file. */
export interface Table<Row> {
  /** Such as `operations.csv`. */
  file: string;
  /** What a row is, in one sentence. */
  about: string;
  columns: Column<Row>[];
}

/** Fixed decimals, so that the same number always prints the same. Never `-0.000`. */
export function printNumber(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '' : String(value);
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : text;
}

/** The printed form of a cell. */
export function printCell<Row>(column: Column<Row>, row: Row): string {
  const value = column.value(row);
  if (typeof value === 'number') return printNumber(value, column.decimals ?? 0);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}

/** The cell as JSON has it: a rounded number, a text, true or false; null for NaN. */
export function jsonCell<Row>(column: Column<Row>, row: Row): number | string | boolean | null {
  const value = column.value(row);
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) ? Number(printNumber(value, column.decimals ?? 0)) : null;
}
