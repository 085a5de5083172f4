import { beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/experiment/results.js';
import type { RunTask } from '../../../src/experiment/run-task.js';
import type { PlannedScenario } from '../../../src/experiment/study.js';
import { labScenario } from '../../../src/fidelity/zed-lab.js';
import {
  analyseSensitivity,
  runsNeeded,
  type Sensitivity,
} from '../../../src/sensitivity/analyse.js';
import { MORRIS_STEP, morrisTrajectories, oneAtATime } from '../../../src/sensitivity/designs.js';
import { formatSensitivity, sensitivityCsv } from '../../../src/sensitivity/print-sensitivity.js';
import {
  type VariedConstant,
  variedConstants,
  withConstants,
} from '../../../src/sensitivity/varied-constants.js';

function constant(name: string, low: number, high: number): VariedConstant {
  return { name, value: low, unit: 'ms', low, high, source: 'test', assumption: false };
}

const CONSTANTS = [constant('a', 0, 1), constant('b', 10, 20), constant('c', -5, 5)];

describe('designs', () => {
  it('one at a time takes both ends of each range', () => {
    const settings = oneAtATime(CONSTANTS).map((setting) => [...setting]);
    expect(settings).toEqual([
      [['a', 0]],
      [['a', 1]],
      [['b', 10]],
      [['b', 20]],
      [['c', -5]],
      [['c', 5]],
    ]);
  });

  it('a Morris trajectory moves each constant once, within its range, by the step', () => {
    for (const { settings, moved, direction } of morrisTrajectories(CONSTANTS, 50, 'seed')) {
      expect([...moved].sort()).toEqual([0, 1, 2]);
      settings.forEach((setting) => {
        for (const { name, low, high } of CONSTANTS) {
          expect(setting.get(name)).toBeGreaterThanOrEqual(low - 1e-9);
          expect(setting.get(name)).toBeLessThanOrEqual(high + 1e-9);
        }
      });
      moved.forEach((i, step) => {
        CONSTANTS.forEach(({ name, low, high }, j) => {
          const change = settings[step + 1].get(name)! - settings[step].get(name)!;
          expect(change).toBeCloseTo(i === j ? direction[i] * MORRIS_STEP * (high - low) : 0, 9);
        });
      });
    }
  });

  it('is the same for the same seed', () => {
    const once = morrisTrajectories(CONSTANTS, 3, 'x');
    expect(morrisTrajectories(CONSTANTS, 3, 'x')).toEqual(once);
    expect(morrisTrajectories(CONSTANTS, 3, 'y')).not.toEqual(once);
  });
});

describe('the analysis', () => {
  const scenario = labScenario('test', {
    placement: 'P0',
    rttMs: 0,
    run: '1',
    computes: 1,
    serversPerCompute: 0,
    workload: [],
    durationMs: 1000,
  });
  const options = { operation: 'op', milestone: 'done', trajectories: 5, seed: 's' };
  const commit = 'mariadb/flush-per-commit';
  let runs = 0;
  let rows: Sensitivity[];

  /** A simulator whose answer is linear in two constants. */
  async function execute({ scenario: given }: RunTask): Promise<RunResult> {
    runs++;
    const flush = given.backends.mariadb.constants['flush-per-commit'].value;
    const speed = given.infrastructure.coreSpeed ?? 1;
    const row = { operation: 'op', milestone: 'done', meanMs: 1000 + 10 * flush - 100 * speed };
    return { operations: [row] } as RunResult;
  }

  beforeAll(async () => {
    rows = await analyseSensitivity(scenario, options, execute);
  });

  it('varies the constants of the deployed backends and the speed of cores', () => {
    const names = variedConstants(scenario).map(({ name }) => name);
    expect(names).toContain(commit);
    expect(names).toContain('testbed/core-speed');
    expect(names.some((name) => name.startsWith('galera/'))).toBe(false);
  });

  it('leaves the scenario itself as it was', () => {
    const before = JSON.stringify(scenario);
    const changed: PlannedScenario = withConstants(scenario, new Map([[commit, 7]]));
    expect(changed.backends.mariadb.constants['flush-per-commit'].value).toBe(7);
    expect(JSON.stringify(scenario)).toBe(before);
  });

  it('makes the runs that it announces', () => {
    expect(runs).toBe(runsNeeded(scenario, options.trajectories));
  });

  it('finds the slope of a linear answer, without interaction', () => {
    const { low, high } = rows.find((row) => row.constant.name === commit)!.constant;
    const row = rows.find((other) => other.constant.name === commit)!;
    expect(row.atHighMs - row.atLowMs).toBeCloseTo(10 * (high - low), 6);
    expect(row.morrisMuStarMs).toBeCloseTo(10 * (high - low), 6);
    expect(row.morrisSigmaMs).toBeCloseTo(0, 6);
    const idle = rows.find((other) => other.constant.name === 'rabbitmq/cpu-per-message')!;
    expect([idle.swing, idle.morrisMuStarMs]).toEqual([0, 0]);
  });

  it('prints the strongest first and has every constant in the CSV', () => {
    const csv = sensitivityCsv(rows).trim().split('\n');
    expect(csv).toHaveLength(rows.length + 1);
    const strongest = [...rows].sort((a, b) => Math.abs(b.swing) - Math.abs(a.swing))[0];
    expect(csv[1]).toContain(strongest.constant.name);
    expect(formatSensitivity(rows, 'op')).toContain(
      `P0: op takes ${rows[0].baseMs.toFixed(0)} ms on average`,
    );
  });
});
