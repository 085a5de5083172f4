import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Compares a text with a committed file. One that differs is written beside it as
 * `<name>-changed.<extension>`, to be looked at; with UPDATE_SNAPSHOTS=1 it takes the file's place.
 */
export function expectFile(path: string, text: string): void {
  const file = join(ROOT, path);
  const extension = extname(path);
  const changed = join(ROOT, `${path.slice(0, -extension.length)}-changed${extension}`);
  rmSync(changed, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  if (process.env.UPDATE_SNAPSHOTS === '1') {
    writeFileSync(file, text);
    return;
  }
  const known = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (known !== text) writeFileSync(changed, text);
  expect(known === text, `${path} differs: compare it with the -changed file beside it`).toBe(true);
}
