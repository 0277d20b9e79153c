import type { Command } from 'commander';
import type { ExitWith } from '../../exit-codes.ts';
import { addRequestOptions } from '../../options/request.ts';
import { type TranscribeOptions, transcribe } from './transcribe.ts';

export function addTranscribe(program: Command, exitWith: ExitWith): void {
  const command = program
    .command('transcribe')
    .description('print the text of recordings; starts a service for the occasion when none runs')
    .argument('<file...>', 'audio or video; http and https addresses are fetched by the service');
  addRequestOptions(command)
    .option('-o, --output <folder>', 'write FILE.srt and so on there instead of to stdout')
    .option('-q, --quiet', 'no progress', false)
    .action(async (files: string[], options: TranscribeOptions) => exitWith(await transcribe(files, options)));
}
