import { VERSION } from '@sotto/runtime';
import { Command } from 'commander';
import { addBackup } from './commands/backup/command.ts';
import { addBatch } from './commands/batch/command.ts';
import { addCompletion } from './commands/completion/command.ts';
import { addDoctor } from './commands/doctor/command.ts';
import { addJobs } from './commands/jobs/command.ts';
import { addKeys } from './commands/keys/command.ts';
import { addModels } from './commands/models/command.ts';
import { addRestore } from './commands/restore/command.ts';
import { addTop } from './commands/top/command.ts';
import { addTranscribe } from './commands/transcribe/command.ts';
import { addUp } from './commands/up/command.ts';
import { addWatch } from './commands/watch/command.ts';
import type { ExitWith } from './exit-codes.ts';

const EXIT_CODES_TEXT = `
Exit status:
  0    success
  1    something failed: a recording, a job, a check, a start
  2    the command line or the configuration is not valid
  3    the service cannot be reached, or refuses access
  4    a file or folder cannot be read; nothing was sent
  130  interrupted
`;

/** The command line. Each command ends with an exit status, given to `exitWith`. */
export function buildProgram(exitWith: ExitWith): Command {
  const program = new Command('sotto')
    .description('Turns recordings into text on machines you own.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .addHelpText('after', EXIT_CODES_TEXT);
  addUp(program, exitWith);
  addTranscribe(program, exitWith);
  addWatch(program, exitWith);
  addBatch(program, exitWith);
  addJobs(program, exitWith);
  addModels(program, exitWith);
  addKeys(program, exitWith);
  addTop(program, exitWith);
  addBackup(program, exitWith);
  addRestore(program, exitWith);
  addDoctor(program, exitWith);
  addCompletion(program, exitWith);
  return program;
}
