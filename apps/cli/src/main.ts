import { CommanderError } from 'commander';
import { CommandError, EXIT } from './exit-codes.ts';
import { buildProgram } from './program.ts';
import { note } from './terminal/output.ts';

try {
  await buildProgram((code) => {
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
