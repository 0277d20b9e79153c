import {
  keytermsField,
  MAX_REPLACEMENTS,
  type Replacement,
  replacementSchema,
  transcribeFormSchema,
} from '@sotto/contracts';
import { z } from 'zod';

/** `name` and `name=` mean nothing; Deepgram's clients write true and false, some of them 1 and 0. */
const flag = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0', '']))
  .transform((text) => text === 'true' || text === '1');

export const switchOf = (description: string) =>
  flag.optional().meta({ description, override: { type: 'string', enum: ['true', 'false'] } });

export const list = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(item).optional());

/** `numberOf(8_000, 48_000)`: digits between the two. */
export const numberOf = (least: number, most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d+(\.\d+)?$/, 'must be a number')
    .transform(Number)
    .pipe(z.number().min(least).max(most));

/** `keyword:intensifier`; a negative one wants the word less often, which nothing here can. */
const keyword = z.string().transform((text) => {
  const [, term = text, intensifier = '1'] = /^(.*?)(?::(-?\d+(?:\.\d+)?))?$/s.exec(text) ?? [];
  return { term, intensifier: Number(intensifier) };
});

const { from, to } = replacementSchema.shape;

/** `this:that`; without a second half, the words are left out. */
const replacement = z
  .string()
  .transform((text): Replacement => {
    const at = text.indexOf(':');
    return at === -1 ? { from: text, to: '' } : { from: text.slice(0, at), to: text.slice(at + 1) };
  })
  .pipe(z.object({ from, to }));

/** What would be missing from the answer without anybody noticing: asked for, it is refused. */
const REFUSED = {
  callback: 'send the recording to /transcribe with async=true and webhook_url',
  redact: 'nothing is redacted here',
  search: 'use /jobs/{id}/search with the id in X-Job-Id',
  summarize: 'texts are not summarized here',
  topics: 'topics are not found here',
  custom_topic: 'topics are not found here',
  intents: 'intents are not found here',
  custom_intent: 'intents are not found here',
  sentiment: 'sentiments are not found here',
  detect_entities: 'entities are not found here',
  translate: 'use /v1/audio/translations',
} as const;

const refused = (instead: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .refine((value) => [value ?? []].flat().every((text) => ['', 'false', '0'].includes(text.toLowerCase())), {
      error: `is not supported: ${instead}`,
    })
    .meta({ description: 'Not supported: refused unless it is false.', override: { type: 'string', enum: ['false'] } });

const refusals = Object.fromEntries(Object.entries(REFUSED).map(([name, why]) => [name, refused(why)])) as {
  [Name in keyof typeof REFUSED]: ReturnType<typeof refused>;
};

export const ENCODINGS = ['linear16', 'linear32', 'mulaw', 'alaw'] as const;
/** They say themselves what they are. */
const CONTAINED = ['flac', 'opus', 'ogg-opus', 'speex', 'amr-nb', 'amr-wb', 'g729'] as const;

/** What recordings and live audio have in common. Not strict: newer clients send what is not known yet. */
export const common = {
  model: z.string().trim().max(100).optional().meta({
    description: "A name from /models; Deepgram's own names mean the current model.",
  }),
  language: transcribeFormSchema.shape.language.meta({
    description: 'BCP-47 tag, or `multi`. Absent: it is detected.',
  }),
  punctuate: switchOf('true: punctuation and capital letters in `transcript`, and `punctuated_word`.'),
  smart_format: switchOf('As `punctuate` and `numerals`; also adds `paragraphs`.'),
  numerals: switchOf('true: number words from ten upwards are written in digits.'),
  filler_words: switchOf('false: filler words such as "um" are left out.'),
  profanity_filter: switchOf('true: swear words keep only their first letter.'),
  replace: list(replacement).refine((rules) => (rules?.length ?? 0) <= MAX_REPLACEMENTS, {
    error: `must be at most ${MAX_REPLACEMENTS} rules`,
  }),
  keyterm: keytermsField.optional().meta({ description: 'Names and phrases to recognize; may be repeated.' }),
  keywords: list(keyword).meta({ description: 'The same with an intensifier: `name:2`.' }),
  encoding: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum([...ENCODINGS, ...CONTAINED]))
    .optional()
    .meta({ description: 'Of audio without a container; then `sample_rate` is required.' }),
  sample_rate: numberOf(8_000, 48_000).optional().meta({ description: 'Hertz, with `encoding`.' }),
  channels: numberOf(1, 8).optional().meta({ description: 'With `encoding`.', default: '1' }),
  multichannel: switchOf('true: each channel is transcribed by itself.'),
  tag: list(z.string().max(128)).meta({ description: 'Returned in the metadata.' }),
  extra: list(z.string().max(512)).meta({ description: '`key:value`, returned in the metadata.' }),
  ...refusals,
};

export const recordingQuery = z.object({
  ...common,
  detect_language: list(z.string()).meta({ description: '`true`, or the languages to choose from.' }),
  diarize: switchOf('true: words have a `speaker`.'),
  diarize_model: z.string().max(40).optional().meta({ description: 'Whatever its value, as `diarize=true`.' }),
  paragraphs: switchOf('true: also adds `paragraphs`.'),
  utterances: switchOf('true: also adds `utterances`.'),
  utt_split: numberOf(0, 60).optional().meta({ description: 'Seconds of silence that divide utterances.' }),
});
export type RecordingQuery = z.output<typeof recordingQuery>;

/** Known, and of no consequence here. */
const WITHOUT_EFFECT = new Set(['mip_opt_out', 'callback_method', 'custom_topic_mode', 'custom_intent_mode']);

/** Names of parameters that do nothing, which its sender should know. */
export function ignoredIn(query: Record<string, unknown>, schema: z.ZodObject): string[] {
  return Object.keys(query).filter((name) => !(name in schema.shape) && !WITHOUT_EFFECT.has(name));
}
