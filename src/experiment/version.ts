import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './registry.js';

/** What a result depends on besides its scenario; another version, another result. */
export interface Versions {
  readonly fogplane: string;
  /** Hash of the sources that were built; `unbuilt` where the sources themselves run. */
  readonly sources: string;
  /** Major version of Node: within one, results are the same byte for byte. */
  readonly node: string;
}

let known: Versions | undefined;

export function versions(): Versions {
  known ??= {
    fogplane: readJson('package.json').version as string,
    sources: builtSources(),
    node: process.versions.node.split('.', 1)[0],
  };
  return known;
}

function builtSources(): string {
  try {
    return String(readJson('dist/build.json').sources).slice(0, 16);
  } catch {
    return 'unbuilt';
  }
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(packageRoot(), path), 'utf8'));
}
