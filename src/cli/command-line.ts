import yargs, { type Argv } from 'yargs';
import { UserError } from '../experiment/user-error.js';
import { versions } from '../experiment/version.js';
import { checkArguments, optionText, unknownWord } from './arguments.js';
import type { Command } from './command.js';
import { COMMANDS } from './commands.js';
import { ExitCode } from './exit-code.js';

const WIDTH = 100;

/**
 * Finds the command in a command line and runs it.
 * @returns the exit code
 * @throws UserError for a command line that is not understood, and what the command throws.
 */
export async function runCommand(argv: readonly string[]): Promise<number> {
  let exitCode: number = ExitCode.done;
  const parser = yargs([...argv])
    .scriptName('fogplane')
    .locale('en')
    .usage(
      '$0 <command>\n\nSimulates the control plane of an OpenStack cloud spread over a backbone.',
    )
    .version(versions().fogplane)
    .help()
    .wrap(WIDTH)
    .exitProcess(false)
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'boolean-negation': false,
      'greedy-arrays': false,
    })
    .fail((message, error) => {
      throw error ?? new UserError(usageProblem(message, argv));
    })
    .example('$0 run experiments/one-bus-or-many/experiment.yaml', 'the default study')
    .example('$0 list placements', 'the placement models that there are');
  for (const command of COMMANDS) {
    parser.command(command.usage, command.summary, addOptions(command), async (given) => {
      checkArguments(command, given);
      exitCode = await command.run(given);
    });
  }
  parser.command(
    '$0',
    false,
    (builder) => builder,
    (given) => {
      exitCode = refuse(parser, given._.map(String), given);
    },
  );
  await parser.parseAsync();
  return exitCode;
}

/** yargs counts "non-option arguments"; people want to know what is missing. */
function usageProblem(message: string, argv: readonly string[]): string {
  const command = COMMANDS.find(({ name }) => argv.includes(name));
  const isMissing = message.startsWith('Not enough non-option arguments');
  return command && isMissing ? `something is missing: fogplane ${command.usage}` : message;
}

function addOptions(command: Command): (builder: Argv) => Argv {
  return (builder) => {
    for (const { name, describe } of command.positionals) {
      builder.positional(name, { describe, type: 'string' });
    }
    builder.options(command.options);
    for (const [line, meaning] of command.examples) builder.example(`$0 ${line}`, meaning);
    return builder;
  };
}

/** A command line without a command that there is. */
function refuse(parser: Argv, words: readonly string[], given: object): number {
  if (words.length > 0) {
    const names = COMMANDS.map(({ name }) => name);
    throw unknownWord('command', words[0], names);
  }
  const options = Object.keys(given).filter((name) => name !== '_' && name !== '$0');
  if (options.length > 0)
    throw unknownWord('option', optionText(options[0]), ['--help', '--version']);
  parser.showHelp('error');
  return ExitCode.badInput;
}
