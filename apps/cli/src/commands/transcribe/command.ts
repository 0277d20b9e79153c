import type { Command } from 'commander';
import type { StartService } from '../../connection/connection.ts';
import type { ExitWith } from '../../exit-codes.ts';
import { addRequestOptions } from '../../options/request.ts';
import { type TranscribeOptions, transcribe } from './transcribe.ts';

export function addTranscribe(program: Command, exitWith: ExitWith, startService: StartService | null): void {
  const command = program
    .command('transcribe')
    .description(
      startService === null
        ? 'print the text of recordings'
        : 'print the text of recordings; starts a temporary service when none is running',
    )
    .argument('<file...>', 'audio or video files, or http(s) addresses, which the service fetches');
  addRequestOptions(command)
    .option('-o, --output <folder>', 'write FILE.srt and so on into this folder instead of printing the text')
    .option('-q, --quiet', 'show no progress')
    .action(async (files: string[], options: Omit<TranscribeOptions, 'startService'>) =>
      exitWith(await transcribe(files, { ...options, startService })),
    );
}
