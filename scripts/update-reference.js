// Runs families of the ledger again and puts their rows into results/reference/fidelity.csv:
//   node scripts/update-reference.js [FAMILY...]        (default: all)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { FAMILIES } from '../dist/src/fidelity/families/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const reference = join(root, 'results/reference/fidelity.csv');
const names = process.argv.length > 2 ? process.argv.slice(2) : FAMILIES.map(({ name }) => name);

/** The rows of one family. Rows that nobody understood have none: they are printed, not kept. */
function run(family, folder) {
  const file = join(folder, `${family}.csv`);
  const args = [join(root, 'bin/fogplane.js'), 'fidelity', '--family', family, '--csv', file];
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
  return parse(readFileSync(file, 'utf8'), { columns: true });
}

const folder = mkdtempSync(join(tmpdir(), 'fogplane-reference-'));
try {
  const fresh = names.map((name) => [name, run(name, folder)]);
  // Read as late as can be: others may have updated their own families meanwhile.
  const before = parse(readFileSync(reference, 'utf8'), { columns: true });
  const kept = before.filter((row) => row.family !== '' && !names.includes(row.family));
  const rows = [...kept, ...fresh.flatMap(([, own]) => own)].filter((row) => row.family !== '');
  const place = (row) => FAMILIES.findIndex(({ name }) => name === row.family);
  rows.sort((a, b) => place(a) - place(b));
  const columns = Object.keys(fresh[0][1][0]);
  const text = stringify(
    rows.map((row) => columns.map((column) => row[column] ?? '')),
    { header: true, columns },
  );
  writeFileSync(`${reference}.part`, text);
  renameSync(`${reference}.part`, reference);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
