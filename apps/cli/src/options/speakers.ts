import { CHANNEL_CHOICES } from '@sotto/contracts';
import { type Command, Option } from 'commander';
import { wholeNumber } from './numbers.ts';

const names = (text: string): string[] => text.split(',').map((name) => name.trim());

const known = (text: string): string[] | 'all' => (text.trim().toLowerCase() === 'all' ? 'all' : names(text));

/** Whether it is told who says what, and what is known of the speakers. */
export function addSpeakerOptions(command: Command): Command {
  return command
    .option('--diarize', 'tell who says what')
    .option('--num-speakers <n>', 'how many people speak (default: found out)', wholeNumber)
    .option('--min-speakers <n>', 'at least so many people speak', wholeNumber)
    .option('--max-speakers <n>', 'at most so many people speak', wholeNumber)
    .option('--speaker-names <list>', 'their names in the order in which they are first heard: Anna,Ben', names)
    .addOption(
      new Option('--channels <choice>', 'split: each channel is transcribed by itself, and is a speaker').choices([
        ...CHANNEL_CHOICES,
      ]),
    )
    .option('--known-speakers <list>', 'stored voices that may be heard: Anna,Ben, or all; see docs/speakers.md', known)
    .option('--keep-audio <seconds>', 'keep the recording, so that its speakers can be told apart again', wholeNumber);
}
