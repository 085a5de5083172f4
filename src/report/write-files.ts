import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of a report, by its path relative to the report's folder (`/` between folders). */
export interface OutputFile {
  path: string;
  text: string;
}

/**
 * Writes whole files or none: all of them to a temporary folder beside their place first, and only
 * when that has worked renamed into place. Synchronous, so that Ctrl-C comes before or after, not
 * in between. The temporary folder goes away whatever happens.
 *
 * @param folders Folders (relative) that are exchanged as a whole: what was in them is gone.
 * @param stale Files (relative) that are removed where they are not among the files.
 */
export function writeFilesWhole(
  directory: string,
  files: readonly OutputFile[],
  folders: readonly string[],
  stale: readonly string[],
): void {
  mkdirSync(directory, { recursive: true });
  const temporary = mkdtempSync(join(directory, '.writing-'));
  try {
    for (const file of files) {
      const path = join(temporary, file.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.text);
    }
    for (const folder of folders) {
      exchangeFolder(join(temporary, folder), join(directory, folder), join(temporary, '.old'));
    }
    for (const { path } of files) {
      if (folders.some((folder) => path.startsWith(`${folder}/`))) continue;
      renameSync(join(temporary, path), join(directory, path));
    }
    for (const path of stale) {
      if (!files.some((file) => file.path === path)) rmSync(join(directory, path), { force: true });
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Puts a new folder (which may be absent: nothing to write) in the place of the old one. */
function exchangeFolder(fresh: string, place: string, aside: string): void {
  rmSync(aside, { recursive: true, force: true });
  if (existsSync(place)) renameSync(place, aside);
  if (existsSync(fresh)) renameSync(fresh, place);
}
