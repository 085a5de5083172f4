import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PROGRAM = resolve('bin/fogplane.js');

/** Builds dist/ where it is older than the sources: these tests run the built program. */
export function buildProgram(): void {
  execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' });
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `fogplane` to its end, its output on pipes. */
export function fogplane(args: readonly string[], cwd = process.cwd()): Finished {
  const options = { cwd, encoding: 'utf8', timeout: 100_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], options);
  return { code: status, stdout, stderr };
}

/** Runs `fogplane` and sends it a signal as soon as `isTime` says so. */
export async function interruptFogplane(
  args: readonly string[],
  signal: NodeJS.Signals,
  isTime: () => boolean,
): Promise<Finished> {
  const child = spawn(process.execPath, [PROGRAM, ...args]);
  const finished: Finished = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    finished.stdout += data;
  });
  child.stderr.on('data', (data) => {
    finished.stderr += data;
  });
  const timer = setInterval(() => {
    if (!isTime()) return;
    clearInterval(timer);
    child.kill(signal);
  }, 5);
  finished.code = await new Promise((end) => child.on('close', end));
  clearInterval(timer);
  return finished;
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'fogplane-cli-'));
}
