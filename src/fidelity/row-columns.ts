import type { FigureRow } from './figure.js';

/** What a row is called in the ledger: the source's id, or its file and line. */
export function rowId({ source, line, columns }: FigureRow): string {
  return columns.id ? columns.id : `${source}.csv:${line}`;
}

/** A column as a number; NaN where it is absent or empty. */
export function numberIn(row: FigureRow, column: string): number {
  const text = row.columns[column];
  return text === undefined || text.trim() === '' ? Number.NaN : Number(text);
}

/**
 * Half of the 95 % interval of a mean of `count` values with a standard deviation: the nearest there
 * is to an interval of a median too. NaN where there is none.
 */
export function halfInterval(count: number, deviation: number): number {
  return count > 1 && deviation >= 0 ? (1.96 * deviation) / Math.sqrt(count) : Number.NaN;
}
