import type { Table } from './column.js';
import type { FactorColumn } from './factor-columns.js';
import { tablesOf } from './tables.js';

/** One line of the data dictionary. */
export interface DictionaryRow {
  file: string;
  column: string;
  unit: string;
  meaning: string;
  formula: string;
}

const dictionaryTable: Table<DictionaryRow> = {
  file: 'dictionary.csv',
  about: 'One column of one of the files.',
  columns: [
    { name: 'file', unit: 'text', meaning: 'File.', formula: '', value: (row) => row.file },
    { name: 'column', unit: 'text', meaning: 'Column.', formula: '', value: (row) => row.column },
    { name: 'unit', unit: 'text', meaning: 'Its unit.', formula: '', value: (row) => row.unit },
    {
      name: 'meaning',
      unit: 'text',
      meaning: 'What it says.',
      formula: '',
      value: (row) => row.meaning,
    },
    {
      name: 'formula',
      unit: 'text',
      meaning: 'How it is computed; empty where it is read off.',
      formula: '',
      value: (row) => row.formula,
    },
  ],
};

/** Definition of dictionary.csv and its rows: every column of the given tables and its own. */
export function dictionaryOf(tables: readonly Table<never>[]): {
  table: Table<DictionaryRow>;
  rows: DictionaryRow[];
} {
  const all: Table<never>[] = [...tables, dictionaryTable];
  const rows = all.flatMap((table) =>
    table.columns.map(({ name, unit, meaning, formula }) => ({
      file: table.file,
      column: name,
      unit,
      meaning,
      formula,
    })),
  );
  return { table: dictionaryTable, rows };
}

function markdownTable(table: Table<never>): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const lines = table.columns.map(
    ({ name, unit, meaning, formula }) =>
      `| \`${name}\` | ${unit} | ${cell(meaning)} | ${cell(formula)} |`,
  );
  return [
    `## ${table.file}`,
    '',
    table.about,
    '',
    '| column | unit | meaning | formula |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

/** Stands for the factors of any study in the reference page. */
const ANY_FACTOR: FactorColumn = {
  column: '<factor>',
  path: 'PATH',
  label:
    'one column a factor, named by the end of its path in snake_case: `placement`, `rtt_scale`, `computes_per_site`',
  levels: [],
};

const PREAMBLE = `<!-- Generated from src/report/columns-*.ts; do not edit.
     Anew: UPDATE_SNAPSHOTS=1 npx vitest run test/unit/report/columns.test.ts -->

# Output files of an experiment

\`fogplane run\` writes these files to the results folder of the experiment. Every CSV is comma-separated
UTF-8, always has a header, is sorted, and prints numbers with fixed decimals: the same inputs give
the same bytes. A cell is empty where there is no value (no request succeeded, one replication only).
The unit is the last part of a column's name; \`share\` runs from 0 to 1.

Beside the tables stand \`provenance.json\` (versions, seed, resolved scenario, sources of the
calibration) and \`charts/*.svg\`.

A latency is a mean over the requests that *succeeded*: read it with \`started\`, \`ok\`, \`failed\` and
\`unfinished\` beside it, and with \`saturated\`.

A worked number: three replications with means of 10, 12 and 14 ms have \`mean_ms\` 12 and a standard
deviation of 2 ms; t(0.975, 2) is 4.303, so \`mean_half_width_ms\` is 4.303 x 2 / sqrt(3) = 4.968. If the
same replications of the baseline have 20, 21 and 25 ms, the differences are -10, -9 and -11 ms:
\`difference_ms\` is -10, \`difference_half_width_ms\` 4.303 x 1 / sqrt(3) = 2.484, and
\`difference_percent\` 100 x (12 / 22 - 1) = -45.45. The difference is surer than the means are, because
both placements saw the same users.

`;

/** docs/reference/outputs.md. */
export function outputsReference(): string {
  const tables: Table<never>[] = Object.values(tablesOf([ANY_FACTOR]));
  return PREAMBLE + [...tables, dictionaryTable].map(markdownTable).join('\n');
}
