import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { addOwnVoices } from './own-command.ts';
import { installAllVoices, listVoices, removeAllVoices } from './voices.ts';

export function addVoices(program: Command, exitWith: ExitWith): void {
  const voices = program.command('voices').description('manage the voices that text is spoken with');
  voices
    .command('list', { isDefault: true })
    .description('list what can be installed, and what is')
    .option('-v, --voices', 'list each installed voice, with its languages')
    .action(async (options: { voices?: boolean }) => exitWith(await listVoices(options)));
  voices
    .command('install <name...>')
    .description('download voices of the catalogue: kokoro, joe')
    .action(async (names: string[]) => exitWith(await installAllVoices(names)));
  voices
    .command('remove <name...>')
    .description('delete voices')
    .action(async (names: string[]) => exitWith(await removeAllVoices(names)));
  addOwnVoices(voices, exitWith);
}
