import type { Options } from 'yargs';

/** What yargs found. */
export type Given = Readonly<Record<string, unknown>> & { readonly _: (string | number)[] };

/** A command as its help shows it. What it does is loaded only when it is called. */
export interface Command {
  readonly name: string;
  /** In the form of yargs: `check <file>`. */
  readonly usage: string;
  readonly summary: string;
  readonly positionals: readonly { readonly name: string; readonly describe: string }[];
  readonly options: Readonly<Record<string, Options>>;
  /** What follows `fogplane`, and what it is for. */
  readonly examples: readonly (readonly [string, string])[];
  /** Returns the exit code. */
  readonly run: (given: Given) => Promise<number>;
}
