import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { duration } from '../../options/duration.ts';
import { count } from '../../options/numbers.ts';
import { type BackupOptions, backup } from './backup.ts';

export function addBackup(program: Command, exitWith: ExitWith): void {
  program
    .command('backup <folder>')
    .description(
      'write everything a service has (jobs, results, keys, recordings, the library) into a file; it may run meanwhile',
    )
    .option('--every <time>', 'again and again, until Ctrl-C: 30m, 6h, 1d', duration)
    .option('--keep <n>', 'keep only the newest n backups of the folder', count)
    .action(async (folder: string, options: BackupOptions) => exitWith(await backup(folder, options)));
}
