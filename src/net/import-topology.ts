import { importGraphml } from './import-graphml.js';
import { importTopohub } from './import-topohub.js';
import {
  DEFAULT_TOPOLOGY_SETTINGS,
  type Topology,
  TopologyError,
  type TopologySettings,
} from './topology.js';

/** Endings of files that `importTopology` reads. */
export const TOPOLOGY_FILE_ENDINGS = ['.json', '.graphml'] as const;

/**
 * Imports a topology by what its text is: JSON (TopoHub, networkx) or XML (GraphML).
 *
 * @param name as messages and results should call it.
 * @throws TopologyError
 */
export function importTopology(
  name: string,
  text: string,
  settings: TopologySettings = DEFAULT_TOPOLOGY_SETTINGS,
): Topology {
  const start = text.trimStart().replace(/^\uFEFF/, '');
  if (start.startsWith('{')) return importTopohub(name, start, settings);
  if (start.startsWith('<')) return importGraphml(name, start, settings);
  throw new TopologyError(
    `topology ${name}: expected TopoHub JSON (begins with "{") or GraphML (begins with "<")`,
  );
}
