import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { packageRoot } from '../experiment/registry.js';

/** A value for a constant of a backend. */
export interface NewValue {
  readonly constant: string;
  readonly value: number;
}

/** A fitted value moves the file's when it differs by more than its three digits say. */
const CLOSE = 0.005;

/**
 * Puts fitted values into models/backends, with the day of the fit where a value changed; ranges and
 * sources stay.
 * @returns names of the constants that changed
 * @throws Error for a constant that the file does not have, or a value outside its range
 */
export function writeConstants(
  backend: string,
  fits: readonly NewValue[],
  today: string,
): string[] {
  const file = join(packageRoot(), 'models', 'backends', `${backend}.yaml`);
  const document = parseDocument(readFileSync(file, 'utf8'));
  const changed: string[] = [];
  for (const { constant, value } of fits) {
    const path = ['constants', constant];
    const before = document.getIn([...path, 'value']);
    if (typeof before !== 'number') throw new Error(`${file} has no constant "${constant}"`);
    if (Math.abs(value / before - 1) <= CLOSE) continue;
    const [least, most] = [0, 1].map((end) => Number(document.getIn([...path, 'range', end])));
    if (value < least || value > most) {
      throw new Error(
        `${constant} of ${backend} is fitted as ${value}, outside ${least} to ${most}`,
      );
    }
    document.setIn([...path, 'value'], Number(value.toPrecision(3)));
    document.setIn([...path, 'fitted'], today);
    changed.push(constant);
  }
  if (changed.length > 0) {
    writeFileSync(
      `${file}.part`,
      document.toString({ lineWidth: 0, flowCollectionPadding: false }),
    );
    renameSync(`${file}.part`, file);
  }
  return changed;
}
