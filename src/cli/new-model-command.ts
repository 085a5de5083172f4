import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { displayPath } from '../experiment/load-placement.js';
import { packageRoot, placementFiles } from '../experiment/registry.js';
import { UserError } from '../experiment/user-error.js';
import { textOption } from './arguments.js';
import type { Given } from './command.js';
import { ExitCode } from './exit-code.js';
import { modelTemplate } from './model-template.js';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_NAME = 60;

/** `fogplane new-model NAME`. @throws UserError for a bad name or one that is taken. */
export async function newModelCommand(given: Given): Promise<number> {
  const name = textOption(given, 'name') as string;
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    throw new UserError(
      `"${name}" cannot name a model: small letters, digits and single dashes, a letter first, at ` +
        `most ${LONGEST_NAME} characters, such as two-hubs`,
    );
  }
  const taken = placementFiles().get(name);
  if (taken) throw new UserError(`there is a model "${name}" already: ${displayPath(taken)}`);
  const file = join(modelsFolder(), 'placements', `${name}.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, modelTemplate(name), { flag: 'wx' });
  console.log(
    [
      `wrote ${displayPath(file)}: one control plane at the most central site, with comments on what`,
      'can be changed. This runs it in the default study:',
      '',
      `  npx fogplane run ${defaultStudy()} --set placement=${name}`,
      '',
      'docs/write-a-placement-model.md tells the rest.',
    ].join('\n'),
  );
  return ExitCode.done;
}

/** Of the clone that the user stands in, else of the working directory: not of an installed package. */
function modelsFolder(): string {
  const root = packageRoot();
  const isInside = !relative(root, process.cwd()).startsWith('..');
  const isInstalled = root.includes('node_modules');
  return resolve(isInside && !isInstalled ? root : process.cwd(), 'models');
}

function defaultStudy(): string {
  return displayPath(join(packageRoot(), 'experiments', 'one-bus-or-many', 'experiment.yaml'));
}
