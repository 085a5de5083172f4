import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/experiment/registry.js';
import { median, type Peer } from './bench-case.js';

/*
 * Programs of scripts/peers/ that do the work of a case with other software. Each checks its own
 * answer and prints the CPU seconds of its run; scripts/peers/install.sh installs and builds them.
 */

const MOST_RUNS = 3;
/** A program that takes longer is not run again: it steadies itself. */
const LONG_S = 3;

const known = new Map<string, number | undefined>();

/** Median of a few runs; undefined where the program or what it needs is missing. */
function peerCpuS(command: string, options: (string | number)[]): number | undefined {
  const key = [command, ...options].join(' ');
  if (!known.has(key)) known.set(key, runPeer(command, options));
  return known.get(key);
}

function runPeer(command: string, options: (string | number)[]): number | undefined {
  const times: number[] = [];
  while (times.length < MOST_RUNS && !times.some((cpuS) => cpuS > LONG_S)) {
    const child = spawnSync(command, options.map(String), { encoding: 'utf8' });
    // 127: the program is there, what it needs is not.
    if (child.error || child.status === 127) return undefined;
    const cpuS = Number(child.stdout.trim());
    if (child.status !== 0 || !(cpuS > 0)) {
      throw new Error(`${command} ${options.join(' ')} failed:\n${child.stderr}`);
    }
    times.push(cpuS);
  }
  return median(times);
}

function built(program: string): string {
  return join(packageRoot(), 'scripts', 'peers', 'build', program);
}

function compiled(name: string, program: string, options: (string | number)[]): Peer {
  const path = built(program);
  return { name, cpuS: () => (existsSync(path) ? peerCpuS(path, options) : undefined) };
}

export function simgrid(program: string, options: (string | number)[]): Peer {
  return compiled('SimGrid', `simgrid-${program}`, options);
}

/** Holds that ns-3 does of a case's: its rate stands after these. */
const NS3_HOLDS = 1e6;

/** The best of its schedulers; with many events pending, of those that are fit for it. */
export function ns3Hold(pending: number, holds: number): Peer | undefined {
  if (pending > 1e6) return undefined;
  const schedulers = pending < 1e6 ? [] : ['MapScheduler', 'PriorityQueueScheduler'];
  const fewer = Math.min(holds, NS3_HOLDS);
  const { name, cpuS } = compiled('ns-3', 'ns3-hold', [pending, fewer, ...schedulers]);
  return {
    name,
    cpuS: () => {
      const seconds = cpuS();
      return seconds === undefined ? undefined : (seconds * holds) / fewer;
    },
  };
}

export function simpy(program: string, options: (string | number)[]): Peer {
  const script = join(packageRoot(), 'scripts', 'peers', `${program}.py`);
  return { name: 'SimPy', cpuS: () => peerCpuS('/usr/bin/python3', [script, ...options]) };
}
