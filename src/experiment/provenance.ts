import { isAbsolute, relative, sep } from 'node:path';
import type { ExperimentFile } from './experiment-file.js';
import { packageRoot } from './registry.js';
import type { PlannedScenario } from './study.js';
import type { Study } from './study-description.js';
import { versions } from './version.js';

/**
 * Where the numbers of a study come from: versions, seed, every setting, and the sources of all
 * calibrated constants. The same study gives the same bytes on every machine: no clock, no host, no
 * absolute path.
 */
export function describeProvenance(
  file: ExperimentFile,
  study: Study,
  scenarios: readonly PlannedScenario[],
): Record<string, unknown> {
  const { factors, baseline, ...settings } = file.experiment;
  return {
    versions: versions(),
    seed: study.seed,
    replications: study.replications,
    experiment: { ...settings, factors: study.factors, baseline: study.baseline },
    points: scenarios.map(({ point, factors: levels, placement, infrastructure }) => {
      const { topology, ...numbers } = infrastructure;
      return {
        point,
        factors: levels,
        placement: {
          name: placement.name,
          params: placement.params,
          backends: placement.backends,
          file: portablePath(placement.file, file.folder),
        },
        infrastructure: { topology: topology.name, ...numbers },
      };
    }),
    topologies: distinct(scenarios.map(({ infrastructure }) => infrastructure.topology)).map(
      ({ name, attribution, sites, links }) => ({
        name,
        attribution,
        sites: sites.length,
        links: links.length,
      }),
    ),
    footprints: distinct(scenarios.map(({ footprints }) => footprints))
      .map(({ release, services, operations }) => ({
        release,
        operations: operations.source,
        services: Object.fromEntries(services.map(({ service, source }) => [service, source])),
      }))
      .filter((each, i, all) => all.findIndex(({ release }) => release === each.release) === i),
    backends: scenarios[0].backends,
  };
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}

/** From fogplane's folder or the study's, with `/`; of a model elsewhere, its name alone. */
function portablePath(file: string, folder: string): string {
  for (const start of [packageRoot(), folder]) {
    const path = relative(start, file);
    if (!path.startsWith('..') && !isAbsolute(path)) return path.split(sep).join('/');
  }
  return file.split(sep).pop() as string;
}
