import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { type RestoreOptions, restore } from './restore.ts';

export function addRestore(program: Command, exitWith: ExitWith): void {
  program
    .command('restore <file>')
    .description('put a backup in place; the service must not run')
    .option('--check', 'only read the backup and check it')
    .option('--replace', 'delete the data that is there first')
    .action(async (file: string, options: RestoreOptions) => exitWith(await restore(file, options)));
}
