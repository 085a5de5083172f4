import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TOPOLOGY_FILE_ENDINGS } from '../net/import-topology.js';

/*
 * Where models and studies are found by name: in fogplane's own folder and, for those who use it
 * from another project, in the same folders below the working directory.
 */

const PLACEMENT_ENDINGS = ['.ts', '.mts', '.js', '.mjs'];
const FILE_ENDINGS: readonly string[] = [...PLACEMENT_ENDINGS, ...TOPOLOGY_FILE_ENDINGS];

/** Files by name, sorted by name. */
export type Catalogue = ReadonlyMap<string, string>;

let knownRoot: string | undefined;

/** fogplane's own folder: the nearest one above this module that holds its package.json. */
export function packageRoot(): string {
  knownRoot ??= findRoot(dirname(fileURLToPath(import.meta.url)));
  return knownRoot;
}

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'fogplane') {
      return folder;
    }
    if (dirname(folder) === folder) throw new Error(`no package.json of fogplane above ${start}`);
  }
}

/** Folders that may hold `models` and `experiments`; of two things with one name the later counts. */
function roots(): string[] {
  const own = packageRoot();
  const here = process.cwd();
  return here === own ? [own] : [own, here];
}

/** Placement models by name. */
export function placementFiles(): Catalogue {
  return catalogue('models/placements', PLACEMENT_ENDINGS);
}

/** Topologies by name. */
export function topologyFiles(): Catalogue {
  return catalogue('models/topologies', TOPOLOGY_FILE_ENDINGS);
}

/** Constants of brokers and databases by name. */
export function backendFiles(): Catalogue {
  return catalogue('models/backends', ['.yaml']);
}

/** Folders with the footprints of an OpenStack release, by its name. */
export function releaseFolders(): Catalogue {
  return gather('models/operations', (folder, name) =>
    existsSync(join(folder, name, 'operations.yaml')) ? [name, join(folder, name)] : undefined,
  );
}

/** Experiment files by the name of their folder. */
export function studyFiles(): Catalogue {
  return gather('experiments', (folder, name) => {
    const file = join(folder, name, 'experiment.yaml');
    return existsSync(file) ? [name, file] : undefined;
  });
}

/** Whether a text names a file rather than a model or topology by its name. */
export function isPath(text: string): boolean {
  return /[\\/]/.test(text) || FILE_ENDINGS.includes(extname(text));
}

/** Whether there is such a file, not a folder. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function catalogue(folder: string, endings: readonly string[]): Catalogue {
  return gather(folder, (place, name) => {
    const ending = endings.find((each) => name.endsWith(each));
    if (!ending || name.endsWith('.d.ts')) return undefined;
    return [basename(name, ending), join(place, name)];
  });
}

function gather(
  folder: string,
  entryOf: (place: string, name: string) => [string, string] | undefined,
): Catalogue {
  const found: [string, string][] = [];
  for (const root of roots()) {
    const place = resolve(root, folder);
    if (!existsSync(place)) continue;
    for (const name of readdirSync(place)) {
      const entry = entryOf(place, name);
      if (entry) found.push(entry);
    }
  }
  // One sort by name; entries of one name keep their order, and a Map keeps the last.
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
