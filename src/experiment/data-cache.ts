import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './registry.js';
import { versions } from './version.js';

/*
 * Parsing and validating the data files takes longer than all the rest of a check: what was valid
 * once is kept as JSON, under a hash of the file's text and of the code that read it.
 */

/** What this text gave before; undefined where that is not known. */
export function readCached(text: string): unknown {
  const file = fileOf(text);
  if (!file) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Keeps validated data. Where the folder cannot be written, the next time is slow again. */
export function writeCached(text: string, data: unknown): void {
  const file = fileOf(text);
  if (!file) return;
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(data));
    renameSync(temporary, file);
  } catch {
    // Read-only installations work without.
  }
}

function fileOf(text: string): string | undefined {
  const { sources } = versions();
  const folder = join(packageRoot(), 'node_modules');
  // Code that changes under the cache (tests, a build in progress) must not be answered from it.
  if (sources === 'unbuilt' || !existsSync(folder)) return undefined;
  const hash = createHash('sha256').update(`${sources}\0${text}`).digest('hex').slice(0, 32);
  return join(folder, '.cache', 'fogplane', `${hash}.json`);
}
