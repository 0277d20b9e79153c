import { type Command, Option } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { addRequestOptions } from '../../options/request.ts';
import { type BatchOptions, batch } from './batch.ts';

export function addBatch(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('batch')
    .description('transcribe many recordings as one batch and write their texts into a folder or a ZIP file')
    .argument('<file...>', 'recordings, folders of them, and http or https addresses, which the service fetches');
  addRequestOptions(command)
    .option('-o, --output <folder>', 'write FILE.srt and so on there instead of into the current folder')
    .addOption(new Option('--zip <file>', 'write all of them into one ZIP file instead').conflicts('output'))
    .option('-r, --recursive', 'also what is in folders inside the folders', false)
    .option('-q, --quiet', 'no progress', false)
    .action(async (named: string[], options: BatchOptions) => exitWith(await batch(named, options)));
}
