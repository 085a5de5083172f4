import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/experiment/registry.js';
import { median, type Peer } from './bench-case.js';

/*
 * Programs of scripts/peers/ that do the work of a case with other software. Each checks its own
 * answer and prints the CPU seconds of its run; scripts/peers/install.sh installs and builds them.
 */

const RUNS = 3;

/** Median of a few runs; undefined where the program or what it needs is missing. */
function peerCpuS(command: string, options: (string | number)[]): number | undefined {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
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

export function ns3(program: string, options: (string | number)[]): Peer {
  return compiled('ns-3', `ns3-${program}`, options);
}

export function simpy(program: string, options: (string | number)[]): Peer {
  const script = join(packageRoot(), 'scripts', 'peers', `${program}.py`);
  return { name: 'SimPy', cpuS: () => peerCpuS('/usr/bin/python3', [script, ...options]) };
}
