import { RandomStreams } from '../random/index.js';
import type { VariedConstant } from './varied-constants.js';

/** Constants that differ from their values, by name. */
export type Setting = ReadonlyMap<string, number>;

/** Each constant at both ends of its range, all others at their values: low, high, low, high ... */
export function oneAtATime(constants: readonly VariedConstant[]): Setting[] {
  return constants.flatMap(({ name, low, high }) => [
    new Map([[name, low]]),
    new Map([[name, high]]),
  ]);
}

/** Levels of a range in a Morris design. */
const LEVELS = 4;
/** Step between the two points of an elementary effect, as a share of the range (Morris 1991). */
const STEP = LEVELS / (2 * (LEVELS - 1));

/** A walk through the space of constants that moves each of them once. */
export interface Trajectory {
  /** One more than there are constants. */
  readonly settings: readonly Setting[];
  /** Constant moved between setting i and i + 1. */
  readonly moved: readonly number[];
  /** 1 where it moved up, -1 down. */
  readonly direction: readonly number[];
}

/** Share of the range that an elementary effect is divided by. */
export const MORRIS_STEP = STEP;

function settingAt(constants: readonly VariedConstant[], point: readonly number[]): Setting {
  return new Map(constants.map(({ name, low, high }, i) => [name, low + point[i] * (high - low)]));
}

/** Random trajectories (Morris, Technometrics 33, 1991), the same for the same seed. */
export function morrisTrajectories(
  constants: readonly VariedConstant[],
  count: number,
  seed: string,
): Trajectory[] {
  const stream = new RandomStreams(seed, 1).stream('morris');
  return Array.from({ length: count }, () => {
    const below = Math.floor(LEVELS / 2);
    const point = constants.map(() => Math.floor(stream.uniform() * below) / (LEVELS - 1));
    const direction = constants.map(() => (stream.uniform() < 0.5 ? 1 : -1));
    for (let i = 0; i < point.length; i++) if (direction[i] < 0) point[i] += STEP;
    const moved = shuffled(constants.length, () => stream.uniform());
    const settings = [settingAt(constants, point)];
    for (const i of moved) {
      point[i] += direction[i] * STEP;
      settings.push(settingAt(constants, point));
    }
    return { settings, moved, direction };
  });
}

/** 0 to n - 1 in random order (Fisher and Yates). */
function shuffled(n: number, uniform: () => number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
