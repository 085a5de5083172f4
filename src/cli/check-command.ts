import { parseOverride, readExperiment } from '../experiment/experiment-file.js';
import { planStudy } from '../experiment/plan-study.js';
import { textOption, textOptions } from './arguments.js';
import type { Given } from './command.js';
import { countRuns } from './count-runs.js';
import { ExitCode } from './exit-code.js';

/** `fogplane check FILE`. @throws UserError */
export async function checkCommand(given: Given): Promise<number> {
  const file = textOption(given, 'file') as string;
  const overrides = textOptions(given, 'set').map(parseOverride);
  const planned = await planStudy(readExperiment(file, overrides));
  for (const note of planned.notes) console.error(`note: ${note}`);
  console.log(`${file}: ok: ${countRuns(planned)}`);
  return ExitCode.done;
}
