import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/experiment/registry.js';
import { assertEqual, type BenchCase, type BenchGroup, type Outcome } from './bench-case.js';

/*
 * What a command costs before it does anything: CPU of a whole Node process, which it reports itself
 * when it ends (report-cpu.cjs), against a Node that runs nothing.
 */

function start(starts: number, options: string[], expectedOutput: RegExp): Outcome {
  const root = packageRoot();
  const preload = join(root, 'test', 'perf', 'report-cpu.cjs');
  let cpuS = 0;
  for (let i = 0; i < starts; i++) {
    const child = spawnSync(process.execPath, ['--require', preload, ...options], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    assertEqual(`exit code of ${options.join(' ')}: ${child.stderr}`, child.status ?? -1, 0);
    if (!expectedOutput.test(child.stdout)) {
      throw new Error(`${options.join(' ')} printed ${child.stdout}`);
    }
    cpuS += Number(child.output[3]) / 1e6;
  }
  return { events: starts, cpuS, answer: 0 };
}

export const startupGroup: BenchGroup = {
  name: 'startup',
  cases: (scale): BenchCase[] => {
    const starts = Math.max(1, Math.round(5 * Math.min(1, scale)));
    const program = join('bin', 'fogplane.js');
    const example = join('experiments', 'one-bus-or-many', 'experiment.yaml');
    const none = 'startup/node';
    return [
      {
        name: none,
        events: starts,
        primingRuns: 1,
        prepare: () => () => start(starts, ['-e', '0'], /^$/),
      },
      {
        name: 'startup/version',
        events: starts,
        primingRuns: 1,
        ratioTo: none,
        prepare: () => () => start(starts, [program, '--version'], /^\S*\d+\.\d+\.\d+/),
      },
      {
        name: 'startup/check',
        events: starts,
        primingRuns: 1,
        ratioTo: none,
        prepare: () => () => start(starts, [program, 'check', example], /./),
      },
    ];
  },
};
