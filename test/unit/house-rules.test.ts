import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** What each folder of src may import from; see docs/defence-of-design.md. */
const MAY_IMPORT: Record<string, string[]> = {
  kernel: [],
  random: [],
  stats: [],
  units: [],
  resources: ['kernel', 'random', 'stats', 'units'],
  net: ['kernel', 'random', 'stats', 'units'],
  placement: [],
  cloud: ['kernel', 'random', 'stats', 'units', 'resources', 'net', 'placement'],
  operations: ['kernel', 'random', 'stats', 'units', 'resources', 'net', 'placement', 'cloud'],
  workload: ['kernel', 'random', 'stats', 'units', 'operations'],
};
const REPORT_MAY_IMPORT = [
  'stats',
  'operations/time-split',
  'experiment/results',
  'experiment/study-description',
  'units',
];
const BROWSER_SAFE = Object.keys(MAY_IMPORT);

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]);
}

/** Path from src of a relative import, without its ending. */
function target(file: string, specifier: string): string {
  const path = resolve(root, dirname(file), specifier);
  return relative(join(root, 'src'), path).replace(/\.js$/, '');
}

describe('house rules', () => {
  it.each(BROWSER_SAFE)('src/%s imports only what lies below it', (folder) => {
    const wrong: string[] = [];
    for (const file of filesUnder(`src/${folder}`)) {
      for (const specifier of importsOf(file)) {
        if (specifier.startsWith('node:')) wrong.push(`${file} imports ${specifier}`);
        if (!specifier.startsWith('.')) continue;
        const [room] = target(file, specifier).split('/');
        if (room !== folder && !MAY_IMPORT[folder].includes(room))
          wrong.push(`${file} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('src/report imports only statistics and the types of results', () => {
    const wrong: string[] = [];
    for (const file of filesUnder('src/report')) {
      for (const specifier of importsOf(file)) {
        if (!specifier.startsWith('.')) continue;
        const path = target(file, specifier);
        const allowed =
          path.startsWith('report/') || REPORT_MAY_IMPORT.some((prefix) => path.startsWith(prefix));
        if (!allowed) wrong.push(`${file} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('models import the public api only', () => {
    const wrong = filesUnder('models').flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier !== 'fogplane')
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('nothing below the experiment layer knows a clock, chance of its own, or a promise', () => {
    const banned =
      /Math\.random|Date\.now|new Date\(|performance\.now|setTimeout|setImmediate|\basync\b|\bawait\b/;
    const files = [
      ...BROWSER_SAFE.flatMap((folder) => filesUnder(`src/${folder}`)),
      ...filesUnder('models'),
    ];
    const wrong = files.flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((line, index) => ({
          place: `${file}:${index + 1}`,
          code: line.replace(/^\s*(\/\/|\*|\/\*).*/, ''),
        }))
        .filter(({ code }) => banned.test(code))
        .map(({ place, code }) => `${place}: ${code.trim()}`),
    );
    expect(wrong).toEqual([]);
  });

  it('no source file has more than 400 lines', () => {
    const long = ['src', 'models', 'test']
      .flatMap(filesUnder)
      .filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 401);
    expect(long).toEqual([]);
  });

  it('gives up no types', () => {
    const wrong = [...filesUnder('src'), ...filesUnder('models')].filter((file) =>
      /: any\b|as any\b|<any>|@ts-ignore|@ts-nocheck/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });
});
