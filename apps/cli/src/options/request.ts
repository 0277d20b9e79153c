import type { TranscribeOptions as RequestOptions } from '@sotto/client';
import { HALLUCINATION_FILTERS, RESPONSE_FORMATS, type ResponseFormat, TASKS } from '@sotto/contracts';
import { type Command, Option } from 'commander';
import { addCaptionOptions } from './captions.ts';
import { positiveNumber, tokenIds, wholeNumber } from './numbers.ts';
import { addServiceOptions, type ServiceOptions } from './service.ts';

/** Options that the service gets as they are; what the command line does not name is the service's to choose. */
const ASKED = [
  'language',
  'model',
  'task',
  'prompt',
  'temperature',
  'beamSize',
  'bestOf',
  'patience',
  'lengthPenalty',
  'suppressTokens',
  'conditionOnPreviousText',
  'hallucinationFilter',
  'vad',
  'cache',
  'maxLineWidth',
  'maxLineCount',
  'minCueDuration',
  'maxCueDuration',
  'minCueGap',
  'maxCharsPerSecond',
  'highlightWords',
] as const satisfies (keyof RequestOptions)[];
type Asked = Pick<RequestOptions, (typeof ASKED)[number]>;

/** What `sotto transcribe` and `sotto watch` take alike. */
export interface RequestFlags extends Asked, ServiceOptions {
  format: ResponseFormat;
  words: boolean;
  output?: string;
}

export function requestOf(flags: RequestFlags): RequestOptions {
  const named = ASKED.map((name) => [name, flags[name]]).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(named) as Asked), ...(flags.words && { timestampGranularity: 'word' as const }) };
}

/** What is to be done with a recording, and where. */
export function addRequestOptions(command: Command): Command {
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
