import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const POLL_MS = 200;
/** A lock without a living owner's id in it is this young only while it is being taken. */
const TAKING_MS = 2_000;

/**
 * Runs `work` while no other process sets up or builds the same clone: two npm processes at once
 * would write into one node_modules. The lock is a folder that holds its owner's process id; one
 * whose owner has died is taken away. While it is held, FOGPLANE_BUILD_LOCK names the clone to children.
 *
 * @template Result
 * @param {string} root
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withBuildLock(root, work) {
  const folder = join(root, '.fogplane');
  const lock = join(folder, 'build.lock');
  mkdirSync(folder, { recursive: true });
  await takeLock(lock);
  process.env.FOGPLANE_BUILD_LOCK = root;
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.on('exit', release);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
    delete process.env.FOGPLANE_BUILD_LOCK;
  }
}

async function takeLock(lock) {
  let isTold = false;
  let ownerless = 0;
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'owner'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(lock);
    ownerless = isAlive(owner) ? 0 : ownerless + POLL_MS;
    if (ownerless >= TAKING_MS) removeDeadLock(lock);
    if (owner !== undefined && ownerless === 0 && !isTold) {
      console.error(`fogplane: process ${owner} sets up this clone already; waiting for it`);
      isTold = true;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Renamed first: of two processes that see the same dead lock, one removes it. */
function removeDeadLock(lock) {
  const dead = `${lock}.${process.pid}`;
  try {
    renameSync(lock, dead);
  } catch {
    return;
  }
  rmSync(dead, { recursive: true, force: true });
}

function ownerOf(lock) {
  try {
    const owner = Number(readFileSync(join(lock, 'owner'), 'utf8'));
    return Number.isInteger(owner) && owner > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(processId) {
  if (processId === undefined) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
