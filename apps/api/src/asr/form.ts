import {
  DEFAULT_RUN_OPTIONS,
  deliveryOptionsOf,
  enhancementOf,
  LANGUAGES,
  languageWishOf,
  type SpeakerHints,
  speakerHintFields,
  speakerHintsOf,
  speakerHintsProblem,
  TASKS,
  transcribeFormSchema,
} from '@sotto/contracts';
import { z } from 'zod';
import { invalidParameter, parseParameters } from '../http/invalid-parameter.ts';
import { type AskedOf, keepWishOf, type TranscribeOptions } from '../transcriptions/form.ts';
import { cleanFileName } from '../uploads/file-name.ts';

/** whisper-asr-webservice's names of formats. */
export const OUTPUTS = ['txt', 'vtt', 'srt', 'tsv', 'json'] as const;
export type Output = (typeof OUTPUTS)[number];

export interface AsrOptions extends TranscribeOptions {
  output: Output;
  /** Words inside the segments of json. */
  wordTimestamps: boolean;
}

/** What pydantic accepts as a boolean. */
const flag = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(['true', '1', 'on', 't', 'yes', 'y', 'false', '0', 'off', 'f', 'no', 'n']))
  .transform((text) => ['true', '1', 'on', 't', 'yes', 'y'].includes(text));

const given = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const booleanMeta = (description: string, byDefault: string) => ({
  description,
  enum: ['true', 'false'],
  default: byDefault,
});

const encode = given(flag).meta(
  booleanMeta('false: the file is raw audio, 16 kHz mono, signed 16-bit little-endian.', 'true'),
);
const videoFile = given(z.string().max(4096)).meta({
  description: 'Path of the video on the client; only the file name is kept, for the list of jobs.',
});

/** Not strict, like the original: unknown parameters are ignored. */
export const detectQuery = z.object({ encode, video_file: videoFile });

export const asrQuery = z.object({
  encode,
  task: given(z.enum(TASKS)).meta({ description: '`translate`: translate into English.', default: 'transcribe' }),
  language: transcribeFormSchema.shape.language,
  initial_prompt: transcribeFormSchema.shape.prompt,
  vad_filter: given(flag).meta(booleanMeta('false: transcribe everything, without detecting speech first.', 'true')),
  enhance: transcribeFormSchema.shape.enhance,
  word_timestamps: given(flag).meta(booleanMeta('true: segments in json include their words.', 'false')),
  output: given(z.enum(OUTPUTS)).meta({ description: 'Always sent as text/plain.', default: 'txt' }),
  diarize: given(flag).meta(booleanMeta('true: also tell who says what.', 'false')),
  keep: given(flag).meta(
    booleanMeta('true: keep the transcript and the recording in the library. Empty: as the key is set.', 'false'),
  ),
  keep_days: transcribeFormSchema.shape.keep_days,
  min_speakers: speakerHintFields.min_speakers,
  max_speakers: speakerHintFields.max_speakers,
  video_file: videoFile,
});

/** As they were sent in the form. */
export type Fields = Record<string, unknown>;

/**
 * The original reads its fields from the query; many of its users send them in the form. The query wins, and `encode`
 * is only read there, as it must be known before the file arrives.
 *
 * @throws SottoError `invalid_parameter`.
 */
function merged<S extends z.ZodObject>(schema: S, address: z.output<S>, fields: Fields): z.output<S> {
  const isLeft = ([name]: [string, unknown]) => address[name] === undefined;
  const form = parseParameters(schema, Object.fromEntries(Object.entries(fields).filter(isLeft)));
  const given = Object.entries(address).filter(([, value]) => value !== undefined);
  return { ...form, ...Object.fromEntries(given) };
}

/** @throws SottoError `invalid_parameter`. */
export function readAsr(address: z.output<typeof asrQuery>, fields: Fields, maxDurationMs: number): AsrOptions {
  const query = merged(asrQuery, address, fields);
  const speakers = speakersOf(query);
  const output = query.output ?? 'txt';
  const wordTimestamps = query.word_timestamps ?? false;
  return {
    kind: 'transcription',
    run: {
      ...DEFAULT_RUN_OPTIONS,
      ...languageWishOf({ language: query.language }),
      task: query.task ?? 'transcribe',
      prompt: query.initial_prompt ?? null,
      vad: query.vad_filter ?? true,
      ...(speakers !== undefined && { speakers }),
      ...enhancementOf(query),
    },
    delivery: {
      ...deliveryOptionsOf({}),
      responseFormat: output === 'txt' ? 'text' : output,
      granularity: wordTimestamps && output === 'json' ? 'word' : 'segment',
    },
    keeps: keepWishOf(query),
    output,
    wordTimestamps,
    maxDurationMs,
    ...fileNameOf(query.video_file),
  };
}

/** The original takes no notice of the numbers where `diarize` is not set. undefined: speakers are not asked for. */
function speakersOf({ diarize = false, ...form }: z.output<typeof asrQuery>): SpeakerHints | undefined {
  if (!diarize) return undefined;
  const hints = speakerHintsOf(form);
  const problem = speakerHintsProblem(hints);
  if (problem !== null) throw invalidParameter('min_speakers', problem);
  return hints;
}

/** @throws SottoError `invalid_parameter`. */
export function readDetection(
  address: z.output<typeof detectQuery>,
  fields: Fields,
  maxDurationMs: number,
): AskedOf<'language'> {
  const query = merged(detectQuery, address, fields);
  const { run, delivery } = readAsr({}, {}, maxDurationMs);
  const { model, vad } = run;
  return { kind: 'language', run: { model, vad }, delivery, maxDurationMs, ...fileNameOf(query.video_file) };
}

const fileNameOf = (path: string | undefined) => (path === undefined ? {} : { fileName: cleanFileName(path) });

/** As whisper's tokenizer names it. */
export function languageName(code: string): string {
  return (LANGUAGES as Record<string, string>)[code]?.toLowerCase() ?? code;
}
