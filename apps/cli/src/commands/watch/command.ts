import type { Command } from 'commander';
import type { StartService } from '../../connection/connection.ts';
import type { ExitWith } from '../../exit-codes.ts';
import { count, positiveNumber } from '../../options/numbers.ts';
import { addRequestOptions } from '../../options/request.ts';
import { type WatchFolderOptions, watchFolder } from './watch.ts';

export function addWatch(program: Command, exitWith: ExitWith, startService: StartService | null): void {
  const command = program
    .command('watch')
    .description('transcribe the recordings in a folder, and those that arrive, until Ctrl-C')
    .argument('<folder>', 'folder in which recordings appear');
  addRequestOptions(command)
    .option('-o, --output <folder>', 'write FILE.srt and so on into this folder instead of next to the recordings')
    .option('-r, --recursive', 'include subfolders')
    .option('--settle <seconds>', 'a file that has not changed for this long is complete', positiveNumber, 2)
    .option('--at-once <n>', 'recordings to send at the same time', count, 2)
    .action(async (folder: string, options: Omit<WatchFolderOptions, 'startService'>) =>
      exitWith(await watchFolder(folder, { ...options, startService })),
    );
}
