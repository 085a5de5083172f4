import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { packageRoot } from '../experiment/registry.js';
import { suggestName, UserError } from '../experiment/user-error.js';
import { FAMILIES } from './families/index.js';
import type { FigureFamily, FigureRow } from './figure.js';

/** Where the figures of the ledger are kept. */
const FOLDER = 'test/fidelity/figures';

function sourceNames(): string[] {
  return FAMILIES.flatMap(({ sources }) => sources);
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

/** The rows that each family reads. */
export type FigureRows = ReadonlyMap<FigureFamily, readonly FigureRow[]>;

/**
 * The ledger's own figures, of one family or of all.
 * @throws UserError for an unknown family, naming the nearest
 */
export function ownFigures(family: string | undefined): FigureRows {
  const names = FAMILIES.map(({ name }) => name);
  if (family !== undefined && !names.includes(family)) {
    throw new UserError(`"${family}" is not a family of figures${suggestName(family, names)}`);
  }
  const folder = join(packageRoot(), FOLDER);
  const files = readdirSync(folder).sort();
  return new Map(
    FAMILIES.filter(({ name }) => family === undefined || name === family).map((entry) => [
      entry,
      files
        .filter((file) => entry.sources.includes(basename(file, '.csv')))
        .flatMap((file) => readRows(join(folder, file), basename(file, '.csv'))),
    ]),
  );
}

/**
 * Figures of a file in the columns of a source, which its name or `source` tells.
 * @throws UserError for an unknown source, naming those there are
 */
export function figuresOf(file: string, source = basename(file, '.csv')): FigureRows {
  const family = FAMILIES.find(({ sources }) => sources.includes(source));
  if (!family) {
    const known = sourceNames();
    throw new UserError(
      `${file}: no family reads the source "${source}"${suggestName(source, known)}; give it with --source`,
    );
  }
  return new Map([[family, readRows(file, source)]]);
}
