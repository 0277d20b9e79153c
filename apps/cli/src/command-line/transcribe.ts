import { HALLUCINATION_FILTERS, RESPONSE_FORMATS, TASKS } from '@sotto/contracts';
import { type Command, Option } from 'commander';
import { type TranscribeOptions, transcribe } from '../commands/transcribe.ts';
import { type WatchFolderOptions, watchFolder } from '../commands/watch-folder.ts';
import type { ExitCode } from '../exit-codes.ts';
import { addCaptionOptions } from './captions.ts';
import { count, positiveNumber, tokenIds, wholeNumber } from './numbers.ts';

type ExitWith = (code: ExitCode) => void;

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

/** `-s`, `--api-key`: which service. */
export function addServiceOptions(command: Command): Command {
  return command
    .option('-s, --server <url>', 'a running service (also SOTTO_SERVER)')
    .option('--api-key <key>', 'key for it (also API_KEY)');
}

/** What is to be done with a recording, and where. */
function addRequestOptions(command: Command): Command {
  command
    .addOption(
      new Option('-f, --format <format>', 'shape of the answer').choices([...RESPONSE_FORMATS]).default('text'),
    )
    .option('-l, --language <language>', 'en, de, german, ...; detected when not given')
    .option('-m, --model <name>', 'see: sotto models list --all')
    .addOption(new Option('--task <task>', 'translate: into English').choices([...TASKS]))
    .option('--prompt <text>', 'names and words to expect')
    .option('--words', 'with the times of each word (json formats)', false)
    .option('--beam-size <n>', '1: greedy', wholeNumber)
    .option('--best-of <n>', 'candidates where the temperature is above 0', wholeNumber)
    .option('--patience <factor>', 'beam search goes on until beam size x patience texts are complete', positiveNumber)
    .option('--length-penalty <exponent>', '0 to 1: how far long texts are preferred', positiveNumber)
    .option('--temperature <degree>', '0 to 1', positiveNumber)
    .option('--suppress-tokens <ids>', 'never to be written, by commas; -1: all that are not speech', tokenIds)
    .option('--condition-on-previous-text', 'tell each window the text before it (slower)')
    .addOption(
      new Option(
        '--hallucination-filter <level>',
        'what is done with text nobody said; see docs/transcripts.md',
      ).choices([...HALLUCINATION_FILTERS]),
    )
    .option('--no-vad', 'transcribe all of it, without looking for speech first')
    .option('--no-cache', 'do it again even if the service knows the answer');
  return addServiceOptions(addCaptionOptions(command));
}
