import type { TranscribeOptions as RequestOptions } from '@sotto/client';
import {
  ENHANCEMENTS,
  HALLUCINATION_FILTERS,
  RESPONSE_FORMATS,
  type ResponseFormat,
  TASKS,
  WINDOW_ERROR_CHOICES,
} from '@sotto/contracts';
import { type Command, Option } from 'commander';
import { addCaptionOptions } from './captions.ts';
import { positiveNumber, tokenIds, wholeNumber } from './numbers.ts';
import { oneMore } from './repeated.ts';
import { addServiceOptions, type ServiceOptions } from './service.ts';
import { addSpeakerOptions } from './speakers.ts';
import { addWordingOptions } from './wording.ts';

/** Options that the service gets as they are. What the command line does not name, the service decides. */
const ASKED = [
  'language',
  'languages',
  'model',
  'task',
  'prompt',
  'vocabulary',
  'temperature',
  'beamSize',
  'bestOf',
  'patience',
  'lengthPenalty',
  'suppressTokens',
  'conditionOnPreviousText',
  'hallucinationFilter',
  'enhance',
  'onWindowError',
  'vad',
  'cache',
  'maxLineWidth',
  'maxLineCount',
  'minCueDuration',
  'maxCueDuration',
  'minCueGap',
  'maxCharsPerSecond',
  'highlightWords',
  'replace',
  'disfluencies',
  'numbers',
  'profanity',
  'casing',
  'diarize',
  'numSpeakers',
  'minSpeakers',
  'maxSpeakers',
  'speakerNames',
  'channels',
  'knownSpeakers',
  'keepAudio',
  'keep',
  'keepDays',
] as const satisfies (keyof RequestOptions)[];
export type Asked = Pick<RequestOptions, (typeof ASKED)[number]>;

/** What `sotto transcribe`, `sotto watch` and `sotto batch` have in common. */
export interface RequestFlags extends Asked, ServiceOptions {
  format: ResponseFormat;
  words?: boolean;
  output?: string;
  keyterm?: string[];
}

export function requestOf(flags: Asked & Pick<RequestFlags, 'words' | 'keyterm'>): RequestOptions {
  const named = ASKED.map((name) => [name, flags[name]]).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(named) as Asked),
    ...(flags.words && { timestampGranularity: 'word' as const }),
    ...(flags.keyterm && { keyterms: flags.keyterm }),
  };
}

/** What to do with a recording, and which service does it. */
export function addRequestOptions(command: Command): Command {
  command
    .addOption(
      new Option('-f, --format <format>', 'format of the result').choices([...RESPONSE_FORMATS]).default('text'),
    )
    .option(
      '-l, --language <language>',
      'language that is spoken: en, de, german, ...; multi: several (default: detected)',
    )
    .option('--languages <list>', 'languages that may be spoken, separated by commas')
    .option('-m, --model <name>', 'model to use; see: sotto models list --all')
    .addOption(new Option('--task <task>', 'what to do; translate: into English').choices([...TASKS]))
    .option('--prompt <text>', 'names and words to expect')
    .option('--keyterm <text>', 'a name or phrase to recognize; may be repeated', oneMore)
    .option('--vocabulary <name>', 'named list of such terms; see docs/vocabulary.md')
    .option('--keep', 'keep the transcript and the recording in the library; see docs/library.md')
    .option('--keep-days <n>', 'with --keep: days after which both are deleted', wholeNumber)
    .option('--words', 'include the times of each word (JSON formats)')
    .option('--beam-size <n>', 'beams of the search; 1: greedy', wholeNumber)
    .option('--best-of <n>', 'candidates at temperatures above 0', wholeNumber)
    .option('--patience <factor>', 'search until beam size x patience texts are complete', positiveNumber)
    .option('--length-penalty <exponent>', '0 to 1: how much longer texts are preferred', positiveNumber)
    .option('--temperature <value>', '0 to 1', positiveNumber)
    .option(
      '--suppress-tokens <ids>',
      'tokens never to write, separated by commas; -1: all that are not speech',
      tokenIds,
    )
    .option('--condition-on-previous-text', 'give each window the text before it (slower)')
    .addOption(
      new Option(
        '--hallucination-filter <level>',
        'what to do with text that was probably never said; see docs/transcripts.md',
      ).choices([...HALLUCINATION_FILTERS]),
    )
    .addOption(
      new Option('--enhance <choice>', 'what to do to the sound first; see docs/enhance.md').choices([...ENHANCEMENTS]),
    )
    .addOption(
      new Option('--on-window-error <choice>', 'if a part cannot be transcribed: fail, or leave a gap').choices([
        ...WINDOW_ERROR_CHOICES,
      ]),
    )
    .option('--no-vad', 'transcribe everything, without looking for speech first')
    .option('--no-cache', 'transcribe again even if the service has the result');
  return addServiceOptions(addSpeakerOptions(addWordingOptions(addCaptionOptions(command))));
}
