import type { FamilyReading, Figure, FigureRow, UnreadRow } from './figure.js';
import { rowId } from './row-columns.js';
import type { SetUp } from './set-up.js';

/** The figures of a row, all of one set-up. */
export interface RowReading {
  readonly figures: readonly Figure[];
  readonly setUp: SetUp;
  /** Default: as many as is usual. */
  readonly replications?: number;
}

/**
 * Reads row by row; `readingOf` says as a text why nothing answers a row, which is then listed.
 * Figures name their set-up in `scenario`.
 */
export function readRows(
  rows: readonly FigureRow[],
  readingOf: (row: FigureRow) => RowReading | string,
): FamilyReading {
  const figures: Figure[] = [];
  const unread: UnreadRow[] = [];
  const scenarios = new Map<string, SetUp>();
  const replications = new Map<string, number>();
  for (const row of rows) {
    const reading = readingOf(row);
    if (typeof reading === 'string') {
      unread.push({ id: rowId(row), reason: reading });
      continue;
    }
    for (const figure of reading.figures) {
      figures.push(figure);
      scenarios.set(figure.scenario, reading.setUp);
      if (reading.replications !== undefined)
        replications.set(figure.scenario, reading.replications);
    }
  }
  return { figures, unread, scenarios, replications };
}
