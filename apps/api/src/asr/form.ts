import { DEFAULT_RUN_OPTIONS, LANGUAGES, SottoError, TASKS, transcribeFormSchema } from '@sotto/contracts';
import { z } from 'zod';
import type { TranscribeOptions } from '../transcriptions/form.ts';
import { cleanFileName } from '../uploads/file-name.ts';

/** whisper-asr-webservice's names of formats. */
export const OUTPUTS = ['txt', 'vtt', 'srt', 'tsv', 'json'] as const;
export type Output = (typeof OUTPUTS)[number];

export interface AsrOptions extends TranscribeOptions {
  output: Output;
  /** Words inside the segments of json. */
  wordTimestamps: boolean;
}

/** The words pydantic takes for a boolean. */
const flag = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(['true', '1', 'on', 't', 'yes', 'y', 'false', '0', 'off', 'f', 'no', 'n']))
  .transform((text) => ['true', '1', 'on', 't', 'yes', 'y'].includes(text));

const given = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const booleanMeta = (description: string, byDefault: string) => ({
  ...{ description, enum: ['true', 'false'], default: byDefault },
});

const encode = given(flag).meta(
  booleanMeta('false: the file is bare samples, 16 kHz mono, signed 16 bit, little endian.', 'true'),
);
const videoFile = given(z.string().max(4096)).meta({
  description: 'Path of the film at the sender; only its name is kept, for the list of jobs.',
});

export const detectQuery = { encode, video_file: videoFile };

export const asrQuery = {
  encode,
  task: given(z.enum(TASKS)).meta({ description: '`translate`: into English.', default: 'transcribe' }),
  language: transcribeFormSchema.shape.language,
  initial_prompt: transcribeFormSchema.shape.prompt,
  vad_filter: given(flag).meta(booleanMeta('false: all of it, without looking for speech first.', 'true')),
  word_timestamps: given(flag).meta(booleanMeta('true: json has words in its segments.', 'false')),
  output: given(z.enum(OUTPUTS)).meta({ description: 'Always sent as text/plain.', default: 'txt' }),
  diarize: given(flag).meta(booleanMeta('true is refused: speakers are not told apart.', 'false')),
  video_file: videoFile,
};

/**
 * The original takes its fields from the address; many of its users put them into the form. Others are ignored, as
 * there. `encode` has to be known before the file comes, so it counts in the address only.
 */
export type Fields = Record<string, unknown>;

/** @throws SottoError `invalid_parameter`. */
export function isRawPcm(query: Fields): boolean {
  return parsed({ encode }, query).encode === false;
}

/** @throws SottoError `invalid_parameter`. */
export function readAsr(fields: Fields, maxDurationMs: number): AsrOptions {
  const query = parsed(asrQuery, fields);
  if (query.diarize) throw new SottoError('invalid_parameter', 'diarize: speakers are not told apart here.');
  const output = query.output ?? 'txt';
  const wordTimestamps = query.word_timestamps ?? false;
  return {
    run: {
      ...DEFAULT_RUN_OPTIONS,
      ...{ language: query.language ?? null, task: query.task ?? 'transcribe' },
      ...{ prompt: query.initial_prompt ?? null, vad: query.vad_filter ?? true },
    },
    delivery: {
      responseFormat: output === 'txt' ? 'text' : output,
      granularity: wordTimestamps && output === 'json' ? 'word' : 'segment',
      ...{ async: false, priority: null, cancelOnDisconnect: false, cache: true },
    },
    ...{ output, wordTimestamps, maxDurationMs },
    ...fileNameOf(query.video_file),
  };
}

/** @throws SottoError `invalid_parameter`. */
export function readDetection(fields: Fields, maxDurationMs: number): TranscribeOptions {
  const query = parsed(detectQuery, fields);
  const { run, delivery } = readAsr({}, maxDurationMs);
  return { run: { ...run, languageOnly: true }, delivery, maxDurationMs, ...fileNameOf(query.video_file) };
}

function parsed<S extends z.ZodRawShape>(shape: S, fields: Fields): z.output<z.ZodObject<S>> {
  const result = z.object(shape).safeParse(fields);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new SottoError('invalid_parameter', problems.join('; '));
}

const fileNameOf = (path: string | undefined) => (path === undefined ? {} : { fileName: cleanFileName(path) });

/** As whisper's tokenizer names it. */
export function languageName(code: string): string {
  return (LANGUAGES as Record<string, string>)[code]?.toLowerCase() ?? code;
}
