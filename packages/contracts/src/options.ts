import { z } from 'zod';
import { LANGUAGE_CODES, type LanguageCode, parseLanguage } from './languages.ts';

export const TASKS = ['transcribe', 'translate'] as const;
export const RESPONSE_FORMATS = ['json', 'verbose_json', 'text', 'srt', 'vtt', 'tsv'] as const;
export const GRANULARITIES = ['segment', 'word'] as const;
export const LANES = ['interactive', 'batch'] as const;

export type Task = (typeof TASKS)[number];
export type ResponseFormat = (typeof RESPONSE_FORMATS)[number];
export type Granularity = (typeof GRANULARITIES)[number];
/** Interactive work (sync, or at most a minute of audio) goes before batch work. */
export type Lane = (typeof LANES)[number];

/** Characters of a prompt that are kept; Whisper reads only its last 224 tokens anyway. */
export const MAX_PROMPT_CHARACTERS = 2000;
export const MAX_BEAM_SIZE = 5;

/**
 * What decides the text of a transcript. Hashed, with the content and the model's digest, into the work key:
 * two requests with equal RunOptions on equal content are one run.
 */
export const runOptionsSchema = z.object({
  /** null: detect. */
  language: z.enum(LANGUAGE_CODES as [LanguageCode, ...LanguageCode[]]).nullable(),
  /** Catalog name after aliases; null: the service's default model. */
  model: z.string().nullable(),
  task: z.enum(TASKS),
  temperature: z.number().min(0).max(1),
  /** 1: greedy. */
  beamSize: z.int().min(1).max(MAX_BEAM_SIZE),
  prompt: z.string().max(MAX_PROMPT_CHARACTERS).nullable(),
  /** false: the recording is cut every 29 s without looking for speech. */
  vad: z.boolean(),
  /** Only the language is wanted: a stretch from the beginning is looked at, and one window of it transcribed. */
  languageOnly: z.literal(true).optional(),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;

/** How one request wants its answer. Never part of the work key. */
export const deliveryOptionsSchema = z.object({
  responseFormat: z.enum(RESPONSE_FORMATS),
  granularity: z.enum(GRANULARITIES),
  async: z.boolean(),
  /** null: decided from mode and length. */
  priority: z.enum(LANES).nullable(),
  cancelOnDisconnect: z.boolean(),
  /** false: a run of its own, whatever was transcribed before. */
  cache: z.boolean(),
  /** Called when the job ends; absent: nobody is. */
  webhookUrl: z.url().optional(),
});
export type DeliveryOptions = z.infer<typeof deliveryOptionsSchema>;

const flag = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off']))
  .transform((text) => ['true', '1', 'yes', 'on'].includes(text));

const number = z
  .string()
  .trim()
  .regex(/^-?\d+(\.\d+)?$/, 'must be a number')
  .transform(Number);

const language = z
  .string()
  .trim()
  .transform((text, context): LanguageCode | null => {
    if (text === '' || text.toLowerCase() === 'auto') return null;
    const code = parseLanguage(text);
    if (code !== null) return code;
    context.addIssue({ code: 'custom', message: 'is not a language Whisper knows; see /languages' });
    return z.NEVER;
  });

const httpUrl = z
  .string()
  .trim()
  .max(2048)
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an http or https address')
  .transform((text) => new URL(text).href);

const responseFormat = z
  .string()
  .trim()
  .toLowerCase()
  .transform((text) => (text === 'txt' ? 'text' : text))
  .pipe(z.enum(RESPONSE_FORMATS));

/** For the API document: a form has no booleans, only words. */
const flagMeta = (byDefault: 'true' | 'false') => ({ enum: ['true', 'false'], default: byDefault });

/** A field left empty (`model=`) means the same as one left out. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema.optional());

/**
 * The text fields of `POST /transcribe` (owner's specification, 3.1.1, and what DESIGN adds), as strings of a
 * multipart form. Strict: a misspelt field is an error, not a silent default.
 */
export const transcribeFormSchema = z.strictObject({
  language: optional(language).meta({ description: 'ISO 639-1 code or English name; `auto` or nothing: detect.' }),
  model: optional(z.string().trim().max(100)).meta({ description: 'A name from /models; nothing: the current model.' }),
  task: optional(z.enum(TASKS)).meta({ description: '`translate`: into English.', default: 'transcribe' }),
  response_format: optional(responseFormat).meta({
    description: 'Any other can be had later from /jobs/{id}/result.',
    enum: [...RESPONSE_FORMATS, 'txt'],
    default: 'json',
  }),
  timestamp_granularity: optional(z.enum(GRANULARITIES)).meta({
    description: '`word`: the answer has `words` too.',
    default: 'segment',
  }),
  temperature: optional(number.pipe(z.number().min(0).max(1))).meta({ description: '0 to 1.', default: '0' }),
  beam_size: optional(number.pipe(z.int().min(1).max(MAX_BEAM_SIZE))).meta({
    description: `1 (greedy) to ${MAX_BEAM_SIZE}.`,
    default: '1',
  }),
  prompt: optional(z.string().max(MAX_PROMPT_CHARACTERS)).meta({ description: 'Names and words to expect.' }),
  vad: optional(flag).meta({
    description: 'false: transcribe all of it, without looking for speech first.',
    ...flagMeta('true'),
  }),
  async: optional(flag).meta({ description: 'true: answer 202 at once; see /status/{id}.', ...flagMeta('false') }),
  priority: optional(z.enum(LANES)).meta({
    description: '`batch`: after others. Nothing: interactive when synchronous. Raising it needs a key that may.',
  }),
  cache: optional(flag).meta({
    description: 'false: a run of its own, whatever was transcribed before.',
    ...flagMeta('true'),
  }),
  cancel_on_disconnect: optional(flag).meta({
    description: 'true: a synchronous client that leaves cancels its job.',
    ...flagMeta('false'),
  }),
  url: optional(httpUrl).meta({ description: 'Where the recording is, in place of `file`.' }),
  webhook_url: optional(httpUrl).meta({
    description: 'Called when the job ends, signed as Standard Webhooks; needs WEBHOOK_SECRET.',
  }),
});
export type TranscribeForm = z.infer<typeof transcribeFormSchema>;

/** Greedy first; a window that fails Whisper's tests is decoded again at rising temperatures. */
export const DEFAULT_BEAM_SIZE = 1;

/** The one place where form names become RunOptions. */
export function runOptionsOf(form: TranscribeForm): RunOptions {
  return {
    language: form.language ?? null,
    model: form.model ?? null,
    task: form.task ?? 'transcribe',
    temperature: form.temperature ?? 0,
    beamSize: form.beam_size ?? DEFAULT_BEAM_SIZE,
    prompt: form.prompt ?? null,
    vad: form.vad ?? true,
  };
}

/** The one place where form names become DeliveryOptions. */
export function deliveryOptionsOf(form: TranscribeForm): DeliveryOptions {
  return {
    responseFormat: form.response_format ?? 'json',
    granularity: form.timestamp_granularity ?? 'segment',
    async: form.async ?? false,
    priority: form.priority ?? null,
    cancelOnDisconnect: form.cancel_on_disconnect ?? false,
    cache: form.cache ?? true,
    ...(form.webhook_url !== undefined && { webhookUrl: form.webhook_url }),
  };
}
