import type { Command } from 'commander';
import { addBackup } from './commands/backup/command.ts';
import { addDoctor } from './commands/doctor/command.ts';
import { addModels } from './commands/models/command.ts';
import { addRunningModels } from './commands/models/running-command.ts';
import { addRestore } from './commands/restore/command.ts';
import { addUp } from './commands/up/command.ts';
import { addVoices } from './commands/voices/command.ts';
import { startTemporaryService } from './connection/temporary-service.ts';
import type { ExitWith } from './exit-codes.ts';
import { addServiceCommands, beginProgram } from './service-commands.ts';

/** The command line of a machine that Sotto runs on. Each command ends with an exit status, given to `exitWith`. */
export function buildProgram(exitWith: ExitWith): Command {
  const program = beginProgram('Turns recordings into text on machines you own.');
  addUp(program, exitWith);
  addServiceCommands(program, exitWith, startTemporaryService);
  addRunningModels(addModels(program, exitWith), exitWith);
  addVoices(program, exitWith);
  addBackup(program, exitWith);
  addRestore(program, exitWith);
  addDoctor(program, exitWith);
  return program;
}
