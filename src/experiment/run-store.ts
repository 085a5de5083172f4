import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from './results.js';

/** What a run is called in a study; the stored part of a result does not depend on it. */
export type RunLabels = Pick<RunResult, 'point' | 'replication' | 'factors'>;

/**
 * Finished runs by key, a file each, so that a killed study resumes and an enlarged one runs only
 * what is new. A file is written under another name and renamed: it is whole or not there.
 */
export class RunStore {
  constructor(private readonly folder: string) {}

  /** The stored result under the labels of this study; undefined where there is none. */
  read(key: string, labels: RunLabels): RunResult | undefined {
    let stored: unknown;
    try {
      stored = JSON.parse(readFileSync(this.fileOf(key), 'utf8'), nullToNan);
    } catch {
      // Not there, or spoilt from outside: the run is done again.
      return undefined;
    }
    const { key: storedKey, result } = (stored ?? {}) as { key?: string; result?: RunResult };
    return storedKey === key && result ? { ...result, ...labels } : undefined;
  }

  write(key: string, result: RunResult): void {
    const file = this.fileOf(key);
    mkdirSync(join(file, '..'), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify({ key, result }));
    renameSync(temporary, file);
  }

  private fileOf(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.json`);
  }
}

/** JSON has no NaN and writes null; a result has no other null. */
function nullToNan(_key: string, value: unknown): unknown {
  return value === null ? Number.NaN : value;
}
