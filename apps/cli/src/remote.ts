import { homedir } from 'node:os';
import { join } from 'node:path';
import { addServiceDoctor } from './commands/doctor/service-command.ts';
import { addServiceModels } from './commands/models/service-command.ts';
import { addServiceVoices } from './commands/voices/own-command.ts';
import { runProgram } from './run-program.ts';
import { addServiceCommands, beginProgram } from './service-commands.ts';

/**
 * The command line without a service of its own, as it is published (scripts/bundle.mjs): it has neither engine nor models, and
 * what it keeps is in a folder of the user's.
 */
process.env.SOTTO_HOME ??= join(homedir(), '.sotto');

await runProgram((exitWith) => {
  const program = beginProgram(
    'Sends recordings to Sotto, speech to text on machines you own, and brings their texts.',
  );
  addServiceCommands(program, exitWith, null);
  addServiceModels(program, exitWith);
  addServiceVoices(program, exitWith);
  addServiceDoctor(program, exitWith);
  return program;
});
