import { fiveDigits } from '../report/plain-table.js';
import { confidenceInterval } from '../stats/index.js';
import type { Figure, JudgedFigure, UnreadRow } from './figure.js';
import type { FigureRows } from './read-figures.js';
import { type FidelityTask, type Outcome, type Reader, readOutcome } from './set-up.js';

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

/** Share of looks that may lie outside on each side: a test at 5 %. */
const TAIL = 0.025;

/** The median of looks and the range that holds all but the tails. */
function looksInterval(values: readonly number[]): { mean: number; low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { mean: at(0.5), low: at(TAIL), high: at(1 - TAIL) };
}

/** Mean over the replications that have a value. */
function meanOf(reader: Reader, outcomes: readonly Outcome[]): number {
  return confidenceInterval(outcomes.map((outcome) => readOutcome(reader, outcome))).mean;
}

function noteOf(figure: Figure, outcomes: ReadonlyMap<string, Outcome[]>): string {
  const failed = outcomes.get(figure.scenario)?.find(({ kind }) => kind === 'failed');
  const parts = [figure.note, failed?.kind === 'failed' ? `not simulated: ${failed.reason}` : ''];
  const { otherReading } = figure;
  if (otherReading) {
    const value = meanOf(otherReading.read, outcomes.get(otherReading.scenario) ?? []);
    parts.push(`${otherReading.name}: ${fiveDigits(value)}`);
  }
  return parts.filter((part) => part !== '').join('; ');
}

function judge(figure: Figure, outcomes: ReadonlyMap<string, Outcome[]>): JudgedFigure {
  const own = outcomes.get(figure.scenario) ?? [];
  const values = own.map((outcome) => readOutcome(figure.read, outcome));
  const { mean, low, high } = figure.isOneLook ? looksInterval(values) : confidenceInterval(values);
  const note = noteOf(figure, outcomes);
  if (figure.isOneLook) {
    const agreement = figure.measured >= low && figure.measured <= high;
    return { figure, simulated: mean, low, high, error: Number.NaN, agreement, note };
  }
  if (figure.agrees) {
    const agreement = figure.agrees(mean);
    return { figure, simulated: mean, low, high, error: Number.NaN, agreement, note };
  }
  const error = figure.measured === 0 ? Number.NaN : mean / figure.measured - 1;
  return { figure, simulated: mean, low, high, error, note };
}

/** Simulates the scenarios of all figures and compares. */
export async function judgeFigures(
  rows: FigureRows,
  execute: (task: FidelityTask) => Promise<Outcome>,
  onProgress: (progress: JudgeProgress) => void,
): Promise<Judgement> {
  const readings = [...rows.byFamily].map(([family, own]) => family.read(own));
  const scenarios = readings.flatMap(({ scenarios, replications }) =>
    [...scenarios].map(([name, setUp]) => {
      return { name, setUp, replications: replications?.get(name) ?? REPLICATIONS };
    }),
  );
  const total = scenarios.reduce((sum, { replications }) => sum + replications, 0);
  let done = 0;
  const outcomes = new Map<string, Outcome[]>();
  await Promise.all(
    scenarios.map(async ({ name, setUp, replications }) => {
      const runs = Array.from({ length: replications }, async (_, i) => {
        const outcome = await execute({ setUp, replication: i + 1 });
        done++;
        onProgress({ done, total });
        return outcome;
      });
      outcomes.set(name, await Promise.all(runs));
    }),
  );
  return {
    figures: readings.flatMap(({ figures }) => figures.map((figure) => judge(figure, outcomes))),
    unread: [...rows.unread, ...readings.flatMap(({ unread }) => unread)],
  };
}
