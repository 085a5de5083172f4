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

function judge(figure: Figure, results: readonly RunResult[]): JudgedFigure {
  const { mean, low, high } = confidenceInterval(results.map((result) => figure.read(result)));
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
  const scenarios = readings.flatMap((reading) => [...reading.scenarios]);
  const total = scenarios.length * REPLICATIONS;
  let done = 0;
  const results = new Map<string, RunResult[]>();
  await Promise.all(
    scenarios.map(async ([name, scenario]) => {
      const runs = Array.from({ length: REPLICATIONS }, async (_, i) => {
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
