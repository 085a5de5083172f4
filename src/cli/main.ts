import { UserError } from '../experiment/user-error.js';
import { versions } from '../experiment/version.js';
import { ExitCode } from './exit-code.js';

/**
 * Runs one command line.
 * @returns the exit code: 0 done, 1 some runs failed, 2 bad input or usage, 130 interrupted.
 */
export async function main(argv: readonly string[]): Promise<number> {
  endQuietlyOnClosedPipe();
  // Spares loading the parser for what scripts ask most often.
  if (argv.length === 1 && argv[0] === '--version') {
    console.log(versions().fogplane);
    return ExitCode.done;
  }
  try {
    const { runCommand } = await import('./command-line.js');
    return await runCommand(argv);
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof UserError) {
    console.error(error.message);
    return ExitCode.badInput;
  }
  const { message, stack, code } = error as NodeJS.ErrnoException;
  if (code !== undefined && ['EACCES', 'ENOSPC', 'EROFS', 'EPERM', 'ENOTDIR'].includes(code)) {
    console.error(`cannot write: ${message}`);
    return ExitCode.someFailed;
  }
  console.error(`fogplane: internal error: ${message ?? String(error)}`);
  if (process.env.FOGPLANE_DEBUG) console.error(stack);
  else console.error('set FOGPLANE_DEBUG=1 to see where, and please report it');
  return ExitCode.someFailed;
}

/** `fogplane list | head -1` closes the pipe: that is no error. */
function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(ExitCode.done);
  });
}
