import { availableParallelism } from 'node:os';
import { parseOverride, readExperiment } from '../experiment/experiment-file.js';
import { planStudy } from '../experiment/plan-study.js';
import type { PlannedScenario, PlannedStudy } from '../experiment/study.js';
import { UserError } from '../experiment/user-error.js';
import { WorkerPool } from '../experiment/worker-pool.js';
import { referenceLevels } from '../report/key-operation.js';
import { writeFilesWhole } from '../report/write-files.js';
import { analyseSensitivity, runsNeeded, type SensitivityOptions } from '../sensitivity/analyse.js';
import { formatSensitivity, sensitivityCsv } from '../sensitivity/print-sensitivity.js';
import { integerOption, textOption, textOptions } from './arguments.js';
import type { Given } from './command.js';
import { plural } from './count-runs.js';
import { ExitCode } from './exit-code.js';
import { ProgressDisplay } from './progress.js';

/** `fogplane sensitivity FILE`: on which constants the answer rests. @throws UserError */
export async function sensitivityCommand(given: Given): Promise<number> {
  const file = textOption(given, 'file') as string;
  const planned = await planStudy(
    readExperiment(file, textOptions(given, 'set').map(parseOverride)),
  );
  const scenarios = referenceScenarios(planned);
  const options: SensitivityOptions = {
    operation: textOption(given, 'operation') ?? 'server-create',
    milestone: textOption(given, 'milestone') ?? 'active',
    trajectories: integerOption(given, 'trajectories', 0, 1000) ?? 4,
    seed: planned.study.seed,
  };
  requireOperation(planned, options, file);
  const total = scenarios.reduce(
    (sum, scenario) => sum + runsNeeded(scenario, options.trajectories),
    0,
  );
  console.error(
    `${planned.study.name}: ${plural(scenarios.length, 'placement')}, ${plural(total, 'run')}`,
  );
  const pool = new WorkerPool(availableParallelism());
  const display = new ProgressDisplay(process.stderr);
  let done = 0;
  try {
    const rows = await Promise.all(
      scenarios.map((scenario) =>
        analyseSensitivity(scenario, options, async (task) => {
          const result = await pool.execute(task);
          done++;
          display.show({ done, total, stored: 0, failed: 0 });
          return result;
        }),
      ),
    );
    display.end();
    console.log(formatSensitivity(rows.flat(), `${options.operation} (${options.milestone})`));
    const directory = textOption(given, 'out') ?? `results/${planned.study.name}`;
    writeFilesWhole(
      directory,
      [{ path: 'sensitivity.csv', text: sensitivityCsv(rows.flat()) }],
      [],
      [],
    );
    console.log(`\nresults in ${directory}: sensitivity.csv`);
  } finally {
    display.end();
    await pool.close();
  }
  return ExitCode.done;
}

/** One scenario for each placement, the other factors at their reference levels. */
function referenceScenarios({ study, scenarios }: PlannedStudy): PlannedScenario[] {
  const levels = Object.entries(referenceLevels(study));
  return scenarios.filter(({ factors }) =>
    levels.every(([path, level]) => factors[path] === level),
  );
}

function requireOperation(planned: PlannedStudy, options: SensitivityOptions, file: string): void {
  const used = planned.scenarios[0].workload.flatMap(({ mix }) =>
    mix.map(({ operation }) => operation),
  );
  if (!used.includes(options.operation)) {
    throw new UserError(
      `${file}: no workload asks for the operation "${options.operation}"; give one with --operation (${[...new Set(used)].join(', ')})`,
    );
  }
  const { operations } = planned.scenarios[0].footprints.operations;
  const milestones = operations[options.operation].milestones ?? ['done'];
  if (!milestones.includes(options.milestone)) {
    throw new UserError(
      `${file}: ${options.operation} has no milestone "${options.milestone}"; give one with --milestone (${milestones.join(', ')})`,
    );
  }
}
