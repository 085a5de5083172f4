import { type ExperimentFile, type Factor, setAt } from './experiment-file.js';
import { nameOfTopology } from './resolve-topology.js';
import { quote, UserError } from './user-error.js';
import type { FieldPath } from './yaml-file.js';

/** A study larger than this is a slip of the pen; it would take months. */
const MAX_RUNS = 1_000_000;

/** One combination of levels. */
export interface DesignPoint {
  /** From 1. */
  readonly point: number;
  /** Index of the level of each factor, in the order of the factors. */
  readonly levels: readonly number[];
  /** The experiment file with these levels in their places. */
  readonly value: Record<string, unknown>;
}

/**
 * Every combination of the factors' levels, the last factor changing fastest.
 * @throws UserError where there are too many.
 */
export function* designPoints(file: ExperimentFile): Generator<DesignPoint> {
  const { factors, experiment } = file;
  const total = factors.reduce((product, { levels }) => product * levels.length, 1);
  if (total * experiment.replications > MAX_RUNS) {
    throw new UserError(
      `${file.locate(['factors'])}: ${total} design points with ${experiment.replications} ` +
        `replications are more than ${MAX_RUNS} runs`,
    );
  }
  // A factor inside another factor's field comes after it.
  const order = factors
    .map((factor, index) => ({ factor, index }))
    .sort((a, b) => a.factor.path.length - b.factor.path.length);
  for (let number = 0; number < total; number++) {
    const levels = levelsOf(number, factors);
    const value = structuredClone(file.value);
    for (const { factor, index } of order) {
      setAt(value, factor.path, structuredClone(factor.levels[levels[index]]));
    }
    yield { point: number + 1, levels, value };
  }
}

function levelsOf(number: number, factors: readonly Factor[]): number[] {
  const levels: number[] = [];
  let rest = number;
  for (const { levels: all } of [...factors].reverse()) {
    levels.unshift(rest % all.length);
    rest = Math.floor(rest / all.length);
  }
  return levels;
}

/** How a level is printed in results; `placementName` for a placement, which may be a path. */
export function levelLabel(path: FieldPath, level: unknown, placementName?: string): string {
  const field = path.join('.');
  if (field === 'infrastructure.topology' && typeof level === 'string')
    return nameOfTopology(level);
  if (typeof level !== 'object' || level === null) return placementName ?? String(level);
  const { model, generator, params, backends } = level as Record<string, unknown>;
  const name = placementName ?? model ?? generator;
  if (name === undefined) return JSON.stringify(level);
  const given = Object.entries({ ...(params as object), ...(backends as object) });
  const list = given.map(([key, value]) => `${key}=${printed(value)}`).join(', ');
  return list === '' ? String(name) : `${name}(${list})`;
}

function printed(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @throws UserError where two levels of a factor would look the same in the results. */
export function checkLabels(file: ExperimentFile, factor: Factor, labels: readonly string[]): void {
  for (const [index, label] of labels.entries()) {
    if (labels.indexOf(label) === index) continue;
    const where = file.locateLevel(factor, index);
    throw new UserError(`${where}: the level ${quote(label)} is there twice`);
  }
}
