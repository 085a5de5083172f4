import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createJiti, type Jiti } from 'jiti';
import * as zodModule from 'zod';
import type { PlacementModel } from '../placement/placement-model.js';
import { isFile, isPath, packageRoot, placementFiles } from './registry.js';
import { firstLine, suggestName, UserError } from './user-error.js';

let loader: Promise<Jiti> | undefined;
const loaded = new Map<string, Promise<PlacementModel>>();

/**
 * The file of a placement model given by name, or by a path from `folder`.
 * @throws UserError with the nearest name; it says nothing of where the name was written.
 */
export function findPlacement(nameOrPath: string, folder: string): string {
  if (isPath(nameOrPath)) {
    const file = resolve(folder, nameOrPath);
    if (isFile(file)) return file;
    throw new UserError(`"${nameOrPath}": no such file (${displayPath(file)})`);
  }
  const files = placementFiles();
  const file = files.get(nameOrPath);
  if (file) return file;
  throw new UserError(
    `"${nameOrPath}" is not a placement model${suggestName(nameOrPath, [...files.keys()])}`,
  );
}

/**
 * Loads a placement model from its file as it is, TypeScript or JavaScript. `fogplane` and `zod` are
 * the copies that run here, wherever the file stands.
 *
 * @throws UserError that names the file, and the line where there is one.
 */
export function loadPlacement(file: string): Promise<PlacementModel> {
  let model = loaded.get(file);
  if (!model) {
    model = importModel(file);
    loaded.set(file, model);
  }
  return model;
}

async function importModel(file: string): Promise<PlacementModel> {
  loader ??= createLoader();
  let module: unknown;
  try {
    module = await (await loader).import(file);
  } catch (error) {
    throw new UserError(`${placeOf(error, file)}: does not load: ${loadProblem(error)}`);
  }
  const model = (module as { default?: unknown }).default ?? module;
  const problem = shapeProblem(model);
  if (problem) throw new UserError(`${displayPath(file)}: ${problem}`);
  return model as PlacementModel;
}

async function createLoader(): Promise<Jiti> {
  const fogplane = await import('../api.js');
  const cache = join(packageRoot(), 'node_modules');
  return createJiti(import.meta.url, {
    virtualModules: { fogplane, zod: zodModule },
    fsCache: existsSync(cache) ? join(cache, '.cache', 'fogplane') : true,
  });
}

function shapeProblem(model: unknown): string | undefined {
  if (typeof model !== 'object' || model === null) {
    return 'has no default export: write `export default definePlacement({ ... })`';
  }
  const { name, summary, params, plan } = model as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') return 'the model has no name';
  if (typeof summary !== 'string') return 'the model has no summary (one sentence)';
  if (typeof plan !== 'function') return 'the model has no function `plan`';
  const isSchema = typeof (params as { safeParse?: unknown } | undefined)?.safeParse === 'function';
  if (!isSchema) return 'the model has no `params` (a schema such as z.strictObject({}))';
  return undefined;
}

/** jiti puts the file and the line of a syntax error into the message. */
function loadProblem(error: unknown): string {
  return firstLine(error).replace(/^ParseError:\s*/, '') || String(error);
}

/** `models/placements/mine.ts:12`: where in the user's file something was thrown. */
export function placeOf(error: unknown, file: string): string {
  const shown = displayPath(file);
  if (!(error instanceof Error)) return shown;
  const text = `${error.stack ?? ''}\n${error.message}`;
  const start = text.indexOf(`${file}:`);
  const line = start < 0 ? undefined : /^:(\d+)/.exec(text.slice(start + file.length))?.[1];
  return line === undefined ? shown : `${shown}:${line}`;
}

/** As seen from the working directory, where that is shorter. */
export function displayPath(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere.startsWith('..') || fromHere === '' ? file : fromHere;
}
