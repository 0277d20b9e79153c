import { type Command, CommanderError } from 'commander';
import { CommandError, EXIT, type ExitWith } from './exit-codes.ts';
import { note } from './terminal/output.ts';

/** Does what the command line says; the process ends with the exit status of the command. */
export async function runProgram(build: (exitWith: ExitWith) => Command): Promise<void> {
  try {
    await build((code) => {
      process.exitCode = code;
    }).parseAsync();
  } catch (error) {
    if (error instanceof CommandError) {
      note(error.message);
      process.exitCode = error.exitCode;
    } else if (error instanceof CommanderError) {
      // It has said what is wrong; --help and --version come this way too.
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    } else {
      throw error;
    }
  }
}
