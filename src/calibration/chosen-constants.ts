import type { BackendConstants } from '../cloud/backend-constants.js';
import { suggestName, UserError } from '../experiment/user-error.js';

/** A constant of a backend that a calibration may change. */
export interface ChosenConstant {
  readonly backend: string;
  readonly constant: string;
  readonly unit: string;
  /** As models/backends has it. */
  readonly value: number;
  /** Its range there; above 0, as constants are fitted by their logarithms. */
  readonly low: number;
  readonly high: number;
}

/** Of the value: the least that a constant whose range begins at 0 is fitted as. */
const LEAST_SHARE = 0.01;

/** `backend/constant`: how values are named for a simulation. */
export function nameOf({ backend, constant }: ChosenConstant): string {
  return `${backend}/${constant}`;
}

function chosen(
  backends: Readonly<Record<string, BackendConstants>>,
  name: string,
): ChosenConstant {
  const [backendName, constantName = ''] = name.split('/', 2);
  const backend = backends[backendName];
  if (!backend) {
    const known = suggestName(backendName, Object.keys(backends));
    throw new UserError(`--constant "${name}": "${backendName}" is not a backend${known}`);
  }
  const constant = backend.constants[constantName];
  if (!constant) {
    const known = suggestName(constantName, Object.keys(backend.constants));
    throw new UserError(
      `--constant "${name}": "${constantName}" is not a constant of ${backendName}${known}`,
    );
  }
  const { value, unit, range } = constant;
  if (value === 0 || range[0] === range[1]) {
    throw new UserError(
      `--constant "${name}": its value is ${value} ${unit}, its range ${range[0]} to ${range[1]}; there is nothing to fit`,
    );
  }
  const low = range[0] > 0 ? range[0] : value * LEAST_SHARE;
  return { backend: backendName, constant: constantName, unit, value, low, high: range[1] };
}

/**
 * The constants that `names`, each `backend/constant`, stand for.
 * @throws UserError for a name that is unknown or given twice, or a constant without a range
 */
export function chosenConstants(
  backends: Readonly<Record<string, BackendConstants>>,
  names: readonly string[],
): ChosenConstant[] {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UserError(`--constant "${twice}" is given twice`);
  return names.map((name) => chosen(backends, name));
}
