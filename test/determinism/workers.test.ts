import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { buildProgram, fogplane, newFolder } from '../unit/cli/run-cli.js';
import { changed, studyFile } from '../unit/experiment/study-text.js';

beforeAll(buildProgram);

/** Every file of a report by its path, hidden ones (the store) left out. */
function filesOf(folder: string): Map<string, string> {
  const paths = (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => !path.startsWith('.') && statSync(join(folder, path)).isFile())
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}

it('a study gives the same bytes with 1, 2 and 3 workers, and from the store', () => {
  const file = studyFile(changed('duration: 2 min', 'duration: 40 s'));
  const first = newFolder();
  const run = (out: string, workers: number) =>
    fogplane(['run', file, '--quiet', '--workers', String(workers), '--out', out]);
  expect(run(first, 1)).toMatchObject({ code: 0, stderr: '' });
  const expected = filesOf(first);
  expect([...expected.keys()]).toContain('operations.csv');
  expect([...expected.keys()]).toContain('provenance.json');
  for (const workers of [2, 3]) {
    const out = newFolder();
    expect(run(out, workers).code).toBe(0);
    expect(filesOf(out)).toEqual(expected);
  }
  expect(run(first, 2).code).toBe(0);
  expect(filesOf(first)).toEqual(expected);
});

it('another seed gives other results', () => {
  const file = studyFile(changed('duration: 2 min', 'duration: 40 s'));
  const run = (seed: number) => {
    const out = newFolder();
    const set = ['--set', 'placement=centralized', '--replications', '1'];
    expect(fogplane(['run', file, '--quiet', '--seed', `${seed}`, '--out', out, ...set]).code).toBe(
      0,
    );
    return readFileSync(join(out, 'operations.csv'), 'utf8');
  };
  expect(run(1)).not.toBe(run(2));
});
