import type { RunResult } from '../experiment/results.js';
import type { RunTask } from '../experiment/run-task.js';
import { confidenceInterval } from '../stats/index.js';
import type { Figure, JudgedFigure, UnreadRow } from './figure.js';
import type { FigureRows } from './read-figures.js';

/** Replications of each scenario: the model's own spread is small beside the measurements'. */
const REPLICATIONS = 3;

/** Everything that the ledger says. */
export interface Judgement {
  readonly figures: readonly JudgedFigure[];
  readonly unread: readonly UnreadRow[];
}

/** What is simulated and what has been. */
export interface JudgeProgress {
  readonly done: number;
  readonly total: number;
}

/** The median and the range from the first to the last quarter. */
function medianInterval(values: readonly number[]): { mean: number; low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  return { mean: at(0.5), low: at(0.25), high: at(0.75) };
}

function judge(figure: Figure, results: readonly RunResult[]): JudgedFigure {
  const values = results.map((result) => figure.read(result));
  const { mean, low, high } = figure.takesMedian
    ? medianInterval(values)
    : confidenceInterval(values);
  const error = figure.measured === 0 ? Number.NaN : mean / figure.measured - 1;
  return { figure, simulated: mean, low, high, error };
}

/** Simulates the scenarios of all figures and compares. */
export async function judgeFigures(
  rows: FigureRows,
  execute: (task: RunTask) => Promise<RunResult>,
  onProgress: (progress: JudgeProgress) => void,
): Promise<Judgement> {
  const readings = [...rows].map(([family, familyRows]) => family.read(familyRows));
  const scenarios = readings.flatMap(({ scenarios, replications }) =>
    [...scenarios].map(([name, scenario]) => {
      return { name, scenario, replications: replications?.get(name) ?? REPLICATIONS };
    }),
  );
  const total = scenarios.reduce((sum, { replications }) => sum + replications, 0);
  let done = 0;
  const results = new Map<string, RunResult[]>();
  await Promise.all(
    scenarios.map(async ({ name, scenario, replications }) => {
      const runs = Array.from({ length: replications }, async (_, i) => {
        const result = await execute({ scenario, replication: i + 1 });
        done++;
        onProgress({ done, total });
        return result;
      });
      results.set(name, await Promise.all(runs));
    }),
  );
  return {
    figures: readings.flatMap(({ figures }) =>
      figures.map((figure) => judge(figure, results.get(figure.scenario) as RunResult[])),
    ),
    unread: readings.flatMap(({ unread }) => unread),
  };
}
