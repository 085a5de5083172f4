import { stringify } from 'csv-stringify/sync';
import { printCell, type Table } from './column.js';

/** A tidy CSV with its header, also where there are no rows. Lines end with `\n`. */
export function tableAsCsv<Row>(table: Table<Row>, rows: readonly Row[]): string {
  const header = table.columns.map((column) => column.name);
  const body = rows.map((row) => table.columns.map((column) => printCell(column, row)));
  return stringify([header, ...body]);
}
