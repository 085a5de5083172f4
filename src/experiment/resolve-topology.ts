import { extname, resolve } from 'node:path';
import { checkConnected } from '../net/assemble-topology.js';
import { generators } from '../net/generators.js';
import { importTopology, TOPOLOGY_FILE_ENDINGS } from '../net/import-topology.js';
import {
  DEFAULT_TOPOLOGY_SETTINGS,
  type Topology,
  TopologyError,
  type TopologySettings,
} from '../net/topology.js';
import type { Experiment } from './experiment-schema.js';
import { quantityValue } from './quantities.js';
import { isFile, isPath, topologyFiles } from './registry.js';
import { fieldProblems } from './schema-issues.js';
import { FieldError, firstLine, quote, suggestName, UserError } from './user-error.js';
import { readTextFile } from './yaml-file.js';

type InfrastructureFields = Experiment['infrastructure'];
type GeneratedTopology = Exclude<InfrastructureFields['topology'], string>;

/** Topologies already read: a study has one at many design points. */
export type TopologyCache = Map<string, Topology>;

/**
 * The topology of a scenario, connected and with what the experiment says of its links.
 *
 * @param folder Where paths start.
 * @throws FieldError, or a UserError that does not say where the topology was named.
 */
export function resolveTopology(
  fields: InfrastructureFields,
  folder: string,
  cache: TopologyCache,
): Topology {
  const settings = settingsOf(fields);
  const key = JSON.stringify([fields.topology, settings]);
  const known = cache.get(key);
  if (known) return known;
  try {
    const topology = makeTopology(fields.topology, folder, settings);
    checkConnected(topology);
    cache.set(key, topology);
    return topology;
  } catch (error) {
    if (error instanceof TopologyError) throw new UserError(firstLine(error));
    throw error;
  }
}

function settingsOf(fields: InfrastructureFields): TopologySettings {
  const capacity = fields['link-capacity'];
  const { jitter } = fields;
  const standard = DEFAULT_TOPOLOGY_SETTINGS;
  return {
    ...standard,
    pathStretch: fields['path-stretch'] ?? standard.pathStretch,
    defaultCapacityBps:
      capacity === undefined ? standard.defaultCapacityBps : quantityValue('rate', capacity),
    defaultJitterMs:
      jitter === undefined ? standard.defaultJitterMs : quantityValue('duration', jitter),
    defaultLossRate: fields['loss-rate'] ?? standard.defaultLossRate,
  };
}

function makeTopology(
  topology: InfrastructureFields['topology'],
  folder: string,
  settings: TopologySettings,
): Topology {
  if (typeof topology !== 'string') return generate(topology);
  const file = findTopology(topology, folder);
  return importTopology(nameOfTopology(topology), readTextFile(file), settings);
}

function generate({ generator: name, params = {} }: GeneratedTopology): Topology {
  const path = ['infrastructure', 'topology'];
  if (!Object.hasOwn(generators, name)) {
    const problem = `${quote(name)} is not a generator`;
    throw new FieldError(
      [...path, 'generator'],
      problem + suggestName(name, Object.keys(generators)),
    );
  }
  const generator = generators[name];
  const parsed = generator.params.safeParse(params);
  if (parsed.success) return generator.generate(parsed.data);
  const [problem] = fieldProblems(generator.params, parsed.error, params);
  throw new FieldError([...path, 'params', ...problem.path], problem.text);
}

/** The name under which results speak of a topology. */
export function nameOfTopology(nameOrPath: string): string {
  const ending = TOPOLOGY_FILE_ENDINGS.find((each) => nameOrPath.endsWith(each)) ?? '';
  const name = nameOrPath.split(/[\\/]/).pop() as string;
  return name.slice(0, name.length - ending.length);
}

function findTopology(nameOrPath: string, folder: string): string {
  if (isPath(nameOrPath)) {
    const file = resolve(folder, nameOrPath);
    if (!isFile(file)) throw new UserError(`"${nameOrPath}": no such file (${file})`);
    if (TOPOLOGY_FILE_ENDINGS.some((ending) => ending === extname(file))) return file;
    const endings = TOPOLOGY_FILE_ENDINGS.join(', ');
    throw new UserError(`"${nameOrPath}": is not a topology file (allowed: ${endings})`);
  }
  const files = topologyFiles();
  const file = files.get(nameOrPath);
  if (file) return file;
  throw new UserError(
    `"${nameOrPath}" is not a topology${suggestName(nameOrPath, [...files.keys()])}`,
  );
}
