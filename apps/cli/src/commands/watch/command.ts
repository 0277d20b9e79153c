import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { count, positiveNumber } from '../../options/numbers.ts';
import { addRequestOptions } from '../../options/request.ts';
import { type WatchFolderOptions, watchFolder } from './watch.ts';

export function addWatch(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('watch')
    .description('transcribe what is in a folder and what comes, until Ctrl-C')
    .argument('<folder>', 'where recordings appear');
  addRequestOptions(command)
    .option('-o, --output <folder>', 'write FILE.srt and so on there instead of beside the recordings')
    .option('-r, --recursive', 'folders inside it too', false)
    .option(
      '--settle <seconds>',
      'how long a file must not have changed before it counts as complete',
      positiveNumber,
      2,
    )
    .option('--at-once <n>', 'recordings on the way at the same time', count, 2)
    .action(async (folder: string, options: WatchFolderOptions) => exitWith(await watchFolder(folder, options)));
}
