import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { packageRoot } from '../experiment/registry.js';
import { suggestName, UserError } from '../experiment/user-error.js';
import { FAMILIES } from './families/index.js';
import type { FigureFamily, FigureRow, UnreadRow } from './figure.js';
import { rowId } from './row-columns.js';

/** Where the figures of the ledger are kept. */
const FOLDER = 'test/fidelity/figures';

function sourceNames(): string[] {
  return [...new Set(FAMILIES.flatMap(({ sources }) => sources))];
}

/** @throws UserError for a file that cannot be read or is no CSV */
function readRows(file: string, source: string): FigureRow[] {
  let text: string;
  try {
    // Lines may end either way, even within one file.
    text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    throw new UserError(`${file}: cannot be read`);
  }
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(text, { columns: true, info: true, skip_empty_lines: true });
  } catch (error) {
    throw new UserError(`${file}: is not a CSV with a header: ${(error as Error).message}`);
  }
  if (records.length === 0) throw new UserError(`${file}: holds no figures`);
  return records.map(({ record, info }) => ({ source, line: info.lines, columns: record }));
}

/** The rows of some files, by the family that reads them. */
export interface FigureRows {
  readonly byFamily: ReadonlyMap<FigureFamily, readonly FigureRow[]>;
  /** Rows of a known source that no family reads. */
  readonly unread: readonly UnreadRow[];
}

/** The family that reads a row, if any. */
function readerOf(row: FigureRow): FigureFamily | undefined {
  return FAMILIES.find(
    ({ sources, idPrefixes }) =>
      sources.includes(row.source) &&
      (idPrefixes?.some((prefix) => row.columns.id?.startsWith(prefix)) ?? true),
  );
}

function sortByFamily(rows: readonly FigureRow[], only: FigureFamily | undefined): FigureRows {
  const byFamily = new Map<FigureFamily, FigureRow[]>();
  const unread: UnreadRow[] = [];
  for (const family of FAMILIES)
    if (only === undefined || family === only) byFamily.set(family, []);
  for (const row of rows) {
    const family = readerOf(row);
    if (family) byFamily.get(family)?.push(row);
    else if (only === undefined) {
      unread.push({ id: rowId(row), reason: 'no family of figures reads it' });
    }
  }
  for (const [family, own] of byFamily) if (own.length === 0) byFamily.delete(family);
  return { byFamily, unread };
}

/** Where the ledger keeps a source: one file, or a folder of files. */
function ownRows(): FigureRow[] {
  const folder = join(packageRoot(), FOLDER);
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) return readRows(path, basename(path, '.csv'));
      return readdirSync(path)
        .sort()
        .flatMap((name) => readRows(join(path, name), entry.name));
    });
}

/**
 * The ledger's own figures, of one family or of all.
 * @throws UserError for an unknown family, naming the nearest
 */
export function ownFigures(family: string | undefined): FigureRows {
  const names = FAMILIES.map(({ name }) => name);
  if (family !== undefined && !names.includes(family)) {
    throw new UserError(`"${family}" is not a family of figures${suggestName(family, names)}`);
  }
  return sortByFamily(
    ownRows(),
    FAMILIES.find(({ name }) => name === family),
  );
}

/**
 * Figures of a file in the columns of a source, which its name or `source` tells.
 * @throws UserError for an unknown source, naming those there are
 */
export function figuresOf(file: string, source = basename(file)): FigureRows {
  const name = basename(source, '.csv');
  const known = sourceNames();
  if (!known.includes(name)) {
    throw new UserError(
      `${file}: no family reads the source "${name}"${suggestName(name, known)}; give it with --source`,
    );
  }
  return sortByFamily(readRows(file, name), undefined);
}
