import { renameSync, writeFileSync } from 'node:fs';
import { chosenConstants } from '../calibration/chosen-constants.js';
import { type Calibration, fitConstants, simulationsNeeded } from '../calibration/fit-constants.js';
import { calibrationCsv, formatCalibration } from '../calibration/print-calibration.js';
import { writeConstants } from '../calibration/write-constants.js';
import { loadBackends } from '../experiment/load-data.js';
import { allowedNames, UserError } from '../experiment/user-error.js';
import type { FamilyReading } from '../fidelity/figure.js';
import { figuresOf, ownFigures } from '../fidelity/read-figures.js';
import { integerOption, textOption, textOptions } from './arguments.js';
import type { Given } from './command.js';
import { ExitCode } from './exit-code.js';
import { ProgressDisplay } from './progress.js';

/** `fogplane calibrate FAMILY`: fits constants of backends to figures. @throws UserError */
export async function calibrateCommand(given: Given): Promise<number> {
  const family = textOption(given, 'family') as string;
  const readings = readingsOf(family, textOption(given, 'figures'), textOption(given, 'source'));
  const backends = loadBackends();
  const names = textOptions(given, 'constant');
  if (names.length === 0) {
    const known = allowedNames(Object.keys(backends));
    throw new UserError(`give what to fit: --constant BACKEND/CONSTANT, of a backend${known}`);
  }
  const constants = chosenConstants(backends, names);
  const iterations = integerOption(given, 'iterations', 1, 100) ?? 6;
  const replications = integerOption(given, 'replications', 1, 100) ?? 1;
  const total = simulationsNeeded(constants.length, iterations);
  const display = new ProgressDisplay(process.stderr);
  let done = 0;
  const calibration = fitConstants(readings, constants, { iterations, replications }, () => {
    done++;
    display.show({ done: Math.min(done, total), total, stored: 0, failed: 0 });
  });
  display.end();
  console.log(formatCalibration(calibration));
  const csv = textOption(given, 'csv');
  if (csv !== undefined) {
    writeFileSync(`${csv}.part`, calibrationCsv(calibration));
    renameSync(`${csv}.part`, csv);
  }
  if (given.write === true) write(calibration);
  return ExitCode.done;
}

/** The family's own figures, or all of a file's as ones that calibrate. */
function readingsOf(
  family: string,
  file: string | undefined,
  source: string | undefined,
): FamilyReading[] {
  const own = ownFigures(family).byFamily;
  if (file === undefined) return [...own].map(([each, rows]) => each.read(rows));
  const given = [...figuresOf(file, source).byFamily].filter(([{ name }]) => name === family);
  return given.map(([each, rows]) => {
    const reading = each.read(rows);
    const figures = reading.figures.map((figure) => ({ ...figure, role: 'calibration' as const }));
    return { ...reading, figures };
  });
}

function write({ constants }: Calibration): void {
  const today = new Date().toISOString().slice(0, 10);
  for (const backend of new Set(constants.map((each) => each.backend))) {
    const own = constants.filter((each) => each.backend === backend);
    const changed = writeConstants(
      backend,
      own.map(({ constant, fitted }) => ({ constant, value: fitted })),
      today,
    );
    const what = changed.length > 0 ? changed.join(', ') : 'nothing, as no value moved by 0.5 %';
    console.log(`written to models/backends/${backend}.yaml: ${what}`);
  }
}
