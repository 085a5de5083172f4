import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { backendConstantsSchema } from '../cloud/backend-constants.js';
import { operationsSchema, serviceSchema } from '../operations/procedure-schema.js';
import { readCached, writeCached } from './data-cache.js';
import { displayPath } from './load-placement.js';
import { backendFiles, releaseFolders } from './registry.js';
import type { BackendConstants, Scenario } from './scenario.js';
import { fieldProblems } from './schema-issues.js';
import { suggestName, UserError } from './user-error.js';
import { parseYaml, readTextFile } from './yaml-file.js';

export type Footprints = Scenario['footprints'];

/** @throws UserError naming file, line and field of the first mistake. */
export function readData<Data>(file: string, schema: z.ZodType<Data>): Data {
  const text = readTextFile(file);
  const known = readCached(text) as Data | undefined;
  if (known !== undefined) return known;
  const yaml = parseYaml(displayPath(file), text);
  const parsed = schema.safeParse(yaml.value);
  if (parsed.success) {
    writeCached(text, parsed.data);
    return parsed.data;
  }
  const [problem] = fieldProblems(schema, parsed.error, yaml.value);
  const { path, isKey } = problem;
  const line = isKey ? yaml.lineOfKey(path) : yaml.lineOf(path);
  throw new UserError(`${yaml.file}:${line}: field "${path.join('.')}": ${problem.text}`);
}

/**
 * The measured footprints of an OpenStack release, services in the order of their names.
 * @throws UserError
 */
export function loadFootprints(release: string): Footprints {
  const folders = releaseFolders();
  const folder = folders.get(release);
  if (!folder) {
    throw new UserError(
      `"${release}" is not a release${suggestName(release, [...folders.keys()])}`,
    );
  }
  const services = join(folder, 'services');
  const files = existsSync(services)
    ? readdirSync(services).filter((name) => name.endsWith('.yaml'))
    : [];
  return {
    release,
    services: files.sort().map((name) => readData(join(services, name), serviceSchema)),
    operations: readData(join(folder, 'operations.yaml'), operationsSchema),
  };
}

/** Every file of models/backends by its name. @throws UserError */
export function loadBackends(): Record<string, BackendConstants> {
  const backends: Record<string, BackendConstants> = {};
  for (const [name, file] of backendFiles()) {
    backends[name] = readData(file, backendConstantsSchema) as BackendConstants;
  }
  return backends;
}
