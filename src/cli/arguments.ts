import { suggestName, UserError } from '../experiment/user-error.js';
import type { Command, Given } from './command.js';

/** Options that may be given several times. */
const REPEATED = ['set', 'constant'];

/** Options that every command has from yargs. */
const COMMON = ['help', 'version'];

/**
 * Refuses what a command does not know, and what is given twice or without a value.
 * @throws UserError with the nearest option.
 */
export function checkArguments(command: Command, given: Given): void {
  const names = [...Object.keys(command.options), ...COMMON];
  const positionals = command.positionals.map(({ name }) => name);
  for (const [name, value] of Object.entries(given)) {
    if (name === '_' || name === '$0' || positionals.includes(name)) continue;
    const option = command.options[name];
    if (!option) {
      throw unknownWord(
        'option',
        optionText(name),
        names.map((each) => `--${each}`),
      );
    }
    const values = Array.isArray(value) ? value : [value];
    if (values.length > 1 && !REPEATED.includes(name))
      throw new UserError(`--${name} is given twice`);
    if (option.type === 'string' && values.some((each) => each === '')) {
      throw new UserError(`--${name} needs a value`);
    }
  }
  const extra = given._[1];
  if (extra !== undefined) {
    throw new UserError(`"${extra}" is one word too many: fogplane ${command.usage}`);
  }
}

export function unknownWord(what: string, word: string, known: readonly string[]): UserError {
  return new UserError(
    `"${word}" is not a ${what}`.replace('a option', 'an option') + suggestName(word, known),
  );
}

export function optionText(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** The value of an option as typed; undefined where it is absent. */
export function textOption(given: Given, name: string): string | undefined {
  const value = given[name];
  return value === undefined ? undefined : String(value);
}

/** @throws UserError where the option is no whole number in the range. */
export function integerOption(
  given: Given,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = textOption(given, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UserError(`--${name} "${text}" must be a whole number from ${least} to ${most}`);
}

/** Every value of an option that may be given several times. */
export function textOptions(given: Given, name: string): string[] {
  const value = given[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
