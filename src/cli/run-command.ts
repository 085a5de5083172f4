import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type Override, parseOverride, readExperiment } from '../experiment/experiment-file.js';
import { displayPath } from '../experiment/load-placement.js';
import { planStudy } from '../experiment/plan-study.js';
import { isFile } from '../experiment/registry.js';
import type { RunFailure } from '../experiment/results.js';
import { RunStore } from '../experiment/run-store.js';
import { runStudy, type StudyOutcome } from '../experiment/run-study.js';
import type { PlannedStudy } from '../experiment/study.js';
import { UserError } from '../experiment/user-error.js';
import { versions } from '../experiment/version.js';
import { WorkerPool } from '../experiment/worker-pool.js';
import { formatSummaryTable, summaryAsJson, writeReport } from '../report/index.js';
import { integerOption, textOption, textOptions } from './arguments.js';
import type { Given } from './command.js';
import { countRuns, plural } from './count-runs.js';
import { ExitCode } from './exit-code.js';
import { ProgressDisplay } from './progress.js';

const MAX_WORKERS = 256;
/** Failures that are shown one by one; all are in failures.csv. */
const FAILURES_SHOWN = 10;

/** `fogplane run FILE`. @throws UserError */
export async function runCommand(given: Given): Promise<number> {
  const workers = integerOption(given, 'workers', 1, MAX_WORKERS) ?? availableParallelism();
  const isQuiet = given.quiet === true;
  const file = textOption(given, 'file') as string;
  const planned = await planStudy(readExperiment(file, overridesOf(given)));
  const directory = resolve(textOption(given, 'out') ?? join('results', planned.study.name));
  if (isFile(directory)) throw new UserError(`--out ${directory}: is a file, not a folder`);
  const tell = (line: string): void => {
    if (!isQuiet) console.error(line);
  };
  tell(`${planned.study.name}: ${countRuns(planned)}, ${plural(workers, 'worker')}`);
  for (const note of planned.notes) tell(`note: ${note}`);
  const outcome = await simulate(planned, directory, workers, isQuiet);
  tellFailures(outcome.failures);
  const { done, stored, total } = outcome.progress;
  if (outcome.isInterrupted) {
    console.error(
      `interrupted: ${done + stored} of ${plural(total, 'run')} are kept in ${displayPath(directory)}; ` +
        'the same command goes on from there',
    );
    return ExitCode.interrupted;
  }
  if (stored > 0) tell(`${stored} of ${plural(total, 'run')} were there already`);
  return finish(planned, outcome, directory, given);
}

function overridesOf(given: Given): Override[] {
  const overrides = textOptions(given, 'set').map(parseOverride);
  const replications = integerOption(given, 'replications', 1, 100_000);
  const seed = textOption(given, 'seed');
  if (replications !== undefined) {
    const text = `--replications ${replications}`;
    overrides.push({ name: 'replications', value: replications, text });
  }
  if (seed !== undefined) {
    // As a file would have it: 7 is a number, "seven" a text, and both give the same as there.
    const value = /^-?\d+$/.test(seed) ? Number(seed) : seed;
    overrides.push({ name: 'seed', value, text: `--seed ${seed}` });
  }
  return overrides;
}

/** Runs in worker threads until all is done, or Ctrl-C. */
async function simulate(
  planned: PlannedStudy,
  directory: string,
  workers: number,
  isQuiet: boolean,
): Promise<StudyOutcome> {
  const pool = new WorkerPool(workers);
  const display = new ProgressDisplay(isQuiet ? undefined : process.stderr);
  const controller = new AbortController();
  const interrupt = (): void => {
    // Impatience: a second Ctrl-C does not wait for the threads.
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await runStudy(planned, {
      execute: (task) => pool.execute(task),
      workers,
      store: new RunStore(join(directory, '.runs')),
      versions: versions(),
      onProgress: (progress) => display.show(progress),
      signal: controller.signal,
    });
  } finally {
    display.end();
    await pool.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function tellFailures(failures: readonly RunFailure[]): void {
  for (const { point, replication, factors, seed, message } of failures.slice(0, FAILURES_SHOWN)) {
    const levels = Object.entries(factors).map(([path, level]) => `${path}=${level}`);
    console.error(
      `run failed: design point ${point} (${levels.join(', ')}), replication ${replication}, ` +
        `seed ${seed}: ${message}`,
    );
  }
  const more = failures.length - FAILURES_SHOWN;
  if (more > 0) console.error(`and ${plural(more, 'other run')} failed; see failures.csv`);
}

function finish(
  { study }: PlannedStudy,
  { results, failures }: StudyOutcome,
  directory: string,
  given: Given,
): number {
  const files = writeReport({ directory, study, results, failures });
  if (given.json === true) {
    console.log(JSON.stringify(summaryAsJson(study, results, failures), null, 2));
  } else if (given.quiet !== true) {
    const { isTTY, columns } = process.stdout;
    const isColoured = isTTY === true && !process.env.NO_COLOR;
    const options = { width: columns, colour: isColoured };
    console.log(formatSummaryTable(study, results, failures, options));
    const tables = files.filter((file) => file.endsWith('.csv')).join(', ');
    const charts = files.filter((file) => file.endsWith('.svg')).length;
    console.log(
      `results in ${displayPath(directory)}: ${tables}, ${plural(charts, 'chart')} in charts`,
    );
  }
  return failures.length > 0 ? ExitCode.someFailed : ExitCode.done;
}
