import { type Command, Option } from 'commander';
import type { StartService } from '../../connection/connection.ts';
import type { ExitWith } from '../../exit-codes.ts';
import { addRequestOptions } from '../../options/request.ts';
import { type BatchOptions, batch } from './batch.ts';

export function addBatch(program: Command, exitWith: ExitWith, startService: StartService | null): void {
  const command = program
    .command('batch')
    .description('transcribe many recordings as one batch, into a folder or a ZIP file')
    .argument('<file...>', 'audio or video files, folders of them, or http(s) addresses, which the service fetches');
  addRequestOptions(command)
    .option('-o, --output <folder>', 'write FILE.srt and so on into this folder instead of the current one')
    .addOption(new Option('--zip <file>', 'write all results into one ZIP file instead').conflicts('output'))
    .option('-r, --recursive', 'include subfolders')
    .option('-q, --quiet', 'show no progress')
    .action(async (named: string[], options: Omit<BatchOptions, 'startService'>) =>
      exitWith(await batch(named, { ...options, startService })),
    );
}
