import { VERSION } from '@sotto/runtime';
import { Command } from 'commander';
import { addBatch } from './commands/batch/command.ts';
import { addCompletion } from './commands/completion/command.ts';
import { addDub } from './commands/dub/command.ts';
import { addJobs } from './commands/jobs/command.ts';
import { addKeys } from './commands/keys/command.ts';
import { addLibrary } from './commands/library/command.ts';
import { addLive } from './commands/live/command.ts';
import { addMcp } from './commands/mcp/command.ts';
import { addSpeak } from './commands/speak/command.ts';
import { addTop } from './commands/top/command.ts';
import { addTranscribe } from './commands/transcribe/command.ts';
import { addWatch } from './commands/watch/command.ts';
import type { StartService } from './connection/connection.ts';
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

export function beginProgram(description: string): Command {
  return new Command('sotto')
    .description(description)
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .addHelpText('after', EXIT_CODES_TEXT);
}

/** What needs nothing of this machine but a service that answers. */
export function addServiceCommands(program: Command, exitWith: ExitWith, startService: StartService | null): void {
  addTranscribe(program, exitWith, startService);
  addLive(program, exitWith, startService);
  addSpeak(program, exitWith, startService);
  addDub(program, exitWith, startService);
  addWatch(program, exitWith, startService);
  addBatch(program, exitWith, startService);
  addJobs(program, exitWith);
  addLibrary(program, exitWith);
  addKeys(program, exitWith);
  addMcp(program, exitWith);
  addTop(program, exitWith);
  addCompletion(program, exitWith);
}
