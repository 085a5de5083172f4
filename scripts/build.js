/*
 * Builds dist/ from src/ where it is missing or older than the sources. Plain Node: it runs before
 * anything is installed. The new dist/ is made beside the old one and takes its place when whole.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { withBuildLock } from './build-lock.js';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCES = ['src', 'test/perf', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/** SHA-256 over the names and contents of everything that dist/ is made from. */
function hashSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) addToHash(hash, source);
  return hash.digest('hex');
}

function addToHash(hash, path) {
  const place = join(ROOT, path);
  if (!existsSync(place)) return;
  const text = readFileOrUndefined(place);
  if (text !== undefined) {
    hash.update(`${path}\0${text.length}\0`).update(text);
    return;
  }
  for (const name of readdirSync(place).sort()) addToHash(hash, `${path}/${name}`);
}

function readFileOrUndefined(place) {
  try {
    return readFileSync(place);
  } catch (error) {
    if (error.code === 'EISDIR') return undefined;
    throw error;
  }
}

/** The hash that dist/ was built from, or undefined. */
function builtHash() {
  try {
    return JSON.parse(readFileSync(join(ROOT, 'dist', 'build.json'), 'utf8')).sources;
  } catch {
    return undefined;
  }
}

/**
 * @returns {Promise<number>} exit code
 */
export async function build() {
  const sources = hashSources();
  if (builtHash() === sources) return 0;
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler)) {
    console.error('fogplane: not built: TypeScript is not installed (npm install --include=dev)');
    return 0;
  }
  console.error('fogplane: building');
  const fresh = join(ROOT, '.fogplane', `dist-${process.pid}`);
  const old = join(ROOT, '.fogplane', `dist-${process.pid}-old`);
  mkdirSync(dirname(fresh), { recursive: true });
  try {
    const options = ['-p', join(ROOT, 'tsconfig.build.json'), '--outDir', fresh];
    const { status } = spawnSync(process.execPath, [compiler, ...options], {
      cwd: ROOT,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) {
      console.error('fogplane: the build failed; see the messages of the compiler above');
      return 1;
    }
    writeFileSync(join(fresh, 'build.json'), `${JSON.stringify({ sources })}\n`);
    if (existsSync(join(ROOT, 'dist'))) renameSync(join(ROOT, 'dist'), old);
    renameSync(fresh, join(ROOT, 'dist'));
    return 0;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

// npm runs this as `prepare` inside the setup's `npm ci` too; there the setup builds by itself.
const isInSetup = process.env.FOGPLANE_BUILD_LOCK === ROOT;
if (argv[1] === fileURLToPath(import.meta.url) && !isInSetup) {
  process.exitCode = await withBuildLock(ROOT, build);
}
