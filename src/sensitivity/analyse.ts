import type { RunResult } from '../experiment/results.js';
import type { RunTask } from '../experiment/run-task.js';
import type { PlannedScenario } from '../experiment/study.js';
import { Tally } from '../stats/index.js';
import {
  MORRIS_STEP,
  morrisTrajectories,
  oneAtATime,
  type Setting,
  type Trajectory,
} from './designs.js';
import { type VariedConstant, variedConstants, withConstants } from './varied-constants.js';

/** What is looked at, and how closely. */
export interface SensitivityOptions {
  readonly operation: string;
  readonly milestone: string;
  /** Morris trajectories; 0: one at a time alone. */
  readonly trajectories: number;
  readonly seed: string;
}

/** How one constant moves the mean latency under one placement. */
export interface Sensitivity {
  readonly placement: string;
  readonly constant: VariedConstant;
  /** Mean latency in ms with all constants at their values. */
  readonly baseMs: number;
  readonly atLowMs: number;
  readonly atHighMs: number;
  /** (atHigh - atLow) / base: how much of the answer rests on it. */
  readonly swing: number;
  /** Mean absolute elementary effect over the range, in ms; NaN without trajectories. */
  readonly morrisMuStarMs: number;
  /** Spread of the effects: large beside mu* where it acts together with others. */
  readonly morrisSigmaMs: number;
}

function readMean(result: RunResult, { operation, milestone }: SensitivityOptions): number {
  const row = result.operations.find(
    (other) => other.operation === operation && other.milestone === milestone,
  );
  return row ? row.meanMs : Number.NaN;
}

/** Runs both screenings of one scenario under common random numbers. */
export async function analyseSensitivity(
  scenario: PlannedScenario,
  options: SensitivityOptions,
  execute: (task: RunTask) => Promise<RunResult>,
): Promise<Sensitivity[]> {
  const constants = variedConstants(scenario);
  const measure = async (setting: Setting): Promise<number> => {
    const result = await execute({ scenario: withConstants(scenario, setting), replication: 1 });
    return readMean(result, options);
  };
  const trajectories = morrisTrajectories(constants, options.trajectories, options.seed);
  const [baseMs, ends, walks] = await Promise.all([
    measure(new Map()),
    Promise.all(oneAtATime(constants).map(measure)),
    Promise.all(trajectories.map(({ settings }) => Promise.all(settings.map(measure)))),
  ]);
  const effects = elementaryEffects(constants.length, trajectories, walks);
  return constants.map((constant, i): Sensitivity => {
    const [atLowMs, atHighMs] = [ends[2 * i], ends[2 * i + 1]];
    const { absolute, signed } = effects[i];
    return {
      placement: scenario.placement.name,
      constant,
      baseMs,
      atLowMs,
      atHighMs,
      swing: (atHighMs - atLowMs) / baseMs,
      morrisMuStarMs: absolute.count > 0 ? absolute.mean : Number.NaN,
      morrisSigmaMs: signed.standardDeviation,
    };
  });
}

function elementaryEffects(
  count: number,
  trajectories: readonly Trajectory[],
  walks: readonly (readonly number[])[],
): { absolute: Tally; signed: Tally }[] {
  const effects = Array.from({ length: count }, () => ({
    absolute: new Tally(),
    signed: new Tally(),
  }));
  trajectories.forEach(({ moved, direction }, t) => {
    moved.forEach((i, step) => {
      const effect = (direction[i] * (walks[t][step + 1] - walks[t][step])) / MORRIS_STEP;
      if (Number.isNaN(effect)) return;
      effects[i].absolute.add(Math.abs(effect));
      effects[i].signed.add(effect);
    });
  });
  return effects;
}

/** Runs that `analyseSensitivity` makes for a scenario. */
export function runsNeeded(scenario: PlannedScenario, trajectories: number): number {
  const constants = variedConstants(scenario).length;
  return 1 + 2 * constants + trajectories * (constants + 1);
}
