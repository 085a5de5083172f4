/*
 * Makes a clone ready: installs the packages of the lock file where they are missing or others, and
 * builds dist/ where it is missing or older than the sources. `npm start`, `npm test` and
 * `npm run bench` run it first; where there is nothing to do it takes a few milliseconds.
 * Plain Node: it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.js';
import { withBuildLock } from './build-lock.js';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages ?? {};
  } catch {
    return undefined;
  }
}

/** npm writes node_modules/.package-lock.json last: what it lists is installed whole. */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!installed) return false;
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional }]) =>
      path === '' || optional === true || installed[path]?.version === version,
  );
}

function install() {
  console.error('fogplane: installing packages (npm ci)');
  const npm = process.env.npm_execpath;
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const { status } =
    npm && /\.c?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...options], { cwd: ROOT, stdio: ['ignore', 2, 2] })
      : spawnSync('npm', options, { cwd: ROOT, stdio: ['ignore', 2, 2], shell: true });
  if (status !== 0) console.error('fogplane: npm ci failed; see its messages above');
  return status === 0;
}

/**
 * npx finds a package's own program without this too, by installing the clone into its cache at
 * every call; the link spares that, and lets several npx run at once.
 */
function linkProgram() {
  const link = join(ROOT, 'node_modules', '.bin', 'fogplane');
  if (process.platform === 'win32' || existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync('../../bin/fogplane.js', link);
  } catch {
    // A file system without links: npx goes its own way.
  }
}

process.exitCode = await withBuildLock(ROOT, async () => {
  if (!isInstalled() && !install()) return 1;
  linkProgram();
  return build();
});
