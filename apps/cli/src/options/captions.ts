import type { CaptionShape } from '@sotto/client';
import { captionChoiceOf, captionFields, captionOptions, captionProblem } from '@sotto/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { CommandError, EXIT } from '../exit-codes.ts';

/** How srt, vtt and ass are cut and timed: each option under the name, and within the bounds, of the service's field. */
export function addCaptionOptions(command: Command): Command {
  return command
    .optionsGroup('Captions (srt, vtt, ass; see docs/formats.md):')
    .option('--max-line-width <columns>', 'columns of a line, 10 to 1000', valueIn('max_line_width'))
    .option('--max-line-count <n>', 'lines of a caption, 1 to 10', valueIn('max_line_count'))
    .option('--min-cue-duration <seconds>', 'shortest time a caption stays, 0 to 10', valueIn('min_cue_duration'))
    .option('--max-cue-duration <seconds>', 'longest time a caption stays, 0.5 to 60', valueIn('max_cue_duration'))
    .option('--min-cue-gap <seconds>', 'time between two captions, 0 to 1', valueIn('min_cue_gap'))
    .option('--max-chars-per-second <n>', 'reading speed, 1 to 200', valueIn('max_chars_per_second'))
    .option('--highlight-words', 'vtt: a time before each word; ass: karaoke')
    .optionsGroup('Options:')
    .hook('preAction', (named) => mustBeShape(named.opts()));
}

/** @throws CommandError when no caption could have this shape. */
function mustBeShape({ minCueDuration, maxCueDuration }: CaptionShape): void {
  const choice = captionChoiceOf({ min_cue_duration: minCueDuration, max_cue_duration: maxCueDuration });
  const problem = captionProblem(captionOptions(choice));
  if (problem !== null) throw new CommandError(problem.replace(/\w+_\w+/g, optionName), EXIT.usage);
}

type NumberField = Exclude<keyof typeof captionFields, 'highlight_words'>;

/** The service's own bounds, before a recording is sent. */
function valueIn(field: NumberField): (text: string) => number | undefined {
  return (text) => {
    const parsed = captionFields[field].safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => `${message}.`).join(' '));
  };
}

/** `min_cue_duration` -> `--min-cue-duration` */
const optionName = (field: string): string => `--${field.replaceAll('_', '-')}`;
