import { loadBackends, loadFootprints } from '../experiment/load-data.js';
import { displayPath, loadPlacement } from '../experiment/load-placement.js';
import {
  placementFiles,
  releaseFolders,
  studyFiles,
  topologyFiles,
} from '../experiment/registry.js';
import { suggestName, UserError } from '../experiment/user-error.js';
import { readTextFile, readYamlFile } from '../experiment/yaml-file.js';
import { generators } from '../net/generators.js';
import { importTopology } from '../net/import-topology.js';
import { textOption } from './arguments.js';
import type { Given } from './command.js';
import { plural } from './count-runs.js';
import { ExitCode } from './exit-code.js';

/** A name and one sentence. */
type Line = readonly [string, string];

const LISTS: Readonly<Record<string, () => Line[] | Promise<Line[]>>> = {
  placements: listPlacements,
  topologies: listTopologies,
  operations: listOperations,
  backends: listBackends,
  studies: listStudies,
};

/** `fogplane list [WHAT]`. @throws UserError */
export async function listCommand(given: Given): Promise<number> {
  const what = textOption(given, 'what');
  const names = Object.keys(LISTS);
  if (what !== undefined && !names.includes(what)) {
    throw new UserError(`"${what}" cannot be listed${suggestName(what, names)}`);
  }
  const chosen = what === undefined ? names : [what];
  const sections: string[] = [];
  for (const name of chosen) {
    const lines = await LISTS[name]();
    const indent = what === undefined ? '  ' : '';
    const width = Math.max(...lines.map(([label]) => label.length));
    const text = lines.map(([label, meaning]) => `${indent}${label.padEnd(width)}  ${meaning}`);
    sections.push(what === undefined ? [name, ...text].join('\n') : text.join('\n'));
  }
  console.log(sections.join('\n\n'));
  return ExitCode.done;
}

function listPlacements(): Promise<Line[]> {
  return Promise.all(
    [...placementFiles()].map(async ([name, file]): Promise<Line> => {
      try {
        return [name, (await loadPlacement(file)).summary];
      } catch (error) {
        // One broken model hides no other.
        if (error instanceof UserError) return [name, error.message];
        throw error;
      }
    }),
  );
}

function listTopologies(): Line[] {
  const files = [...topologyFiles()].map(([name, file]): Line => {
    const { sites, links, attribution } = importTopology(name, readTextFile(file));
    const size = `${plural(sites.length, 'site')}, ${plural(links.length, 'link')}`;
    return [name, `${size}; ${attribution}`];
  });
  const made = Object.entries(generators).map(
    ([name, { summary }]): Line => [name, `generator: ${summary}`],
  );
  return [...files, ...made];
}

function listOperations(): Line[] {
  return [...releaseFolders().keys()].flatMap((release) =>
    Object.entries(loadFootprints(release).operations.operations).map(
      ([name, { summary }]): Line => [name, `${summary} (${release})`],
    ),
  );
}

function listBackends(): Line[] {
  return Object.entries(loadBackends()).map(([name, { kind, summary }]) => [
    name,
    `${kind}: ${summary}`,
  ]);
}

function listStudies(): Line[] {
  return [...studyFiles()].map(([name, file]) => {
    const { question } = (readYamlFile(file).value ?? {}) as { question?: unknown };
    return [name, `${question ?? ''} (${displayPath(file)})`];
  });
}
