import { z } from 'zod';
import { captionChoiceOf, captionFields } from './caption-fields.ts';
import { flagField, number, optional, responseFormat } from './form-fields.ts';
import { type LanguageCode, parseLanguage } from './languages.ts';
import {
  DEFAULT_BEAM_SIZE,
  DEFAULT_BEST_OF,
  DEFAULT_RUN_OPTIONS,
  type DeliveryOptions,
  GRANULARITIES,
  HALLUCINATION_FILTERS,
  LANES,
  MAX_BEAM_SIZE,
  MAX_PATIENCE,
  MAX_PROMPT_CHARACTERS,
  MAX_SUPPRESSED_TOKENS,
  RESPONSE_FORMATS,
  type RunOptions,
  suppressedTokenSchema,
  TASKS,
} from './options.ts';

/** `-1`, `50362,50363`, `[-1, 7]`. */
const tokenList = z
  .string()
  .trim()
  .transform((text) => text.replace(/^\[(.*)\]$/s, '$1').trim())
  .transform((text) => (text === '' ? [] : text.split(',').map((id) => id.trim())))
  .pipe(
    z.array(
      z
        .string()
        .regex(/^-?\d+$/, 'must be token ids, separated by commas')
        .transform(Number),
    ),
  )
  .pipe(z.array(suppressedTokenSchema))
  .transform((ids) => [...new Set(ids)].sort((a, b) => a - b))
  .pipe(z.array(z.int()).max(MAX_SUPPRESSED_TOKENS));

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
  ...captionFields,
  temperature: optional(number.pipe(z.number().min(0).max(1))).meta({ description: '0 to 1.', default: '0' }),
  beam_size: optional(number.pipe(z.int().min(1).max(MAX_BEAM_SIZE))).meta({
    description: `1 (greedy) to ${MAX_BEAM_SIZE}.`,
    default: String(DEFAULT_BEAM_SIZE),
  }),
  best_of: optional(number.pipe(z.int().min(1).max(MAX_BEAM_SIZE))).meta({
    description: `Candidates where the temperature is above 0, 1 to ${MAX_BEAM_SIZE}; the likeliest is taken.`,
    default: String(DEFAULT_BEST_OF),
  }),
  patience: optional(number.pipe(z.number().positive().max(MAX_PATIENCE))).meta({
    description: 'Beam search goes on until beam_size times this many texts are complete.',
    default: '1',
  }),
  length_penalty: optional(number.pipe(z.number().min(0).max(1))).meta({
    description: '0 to 1: how far long texts are preferred; nothing: texts are compared by their mean log-probability.',
  }),
  suppress_tokens: optional(tokenList).meta({
    description: 'Ids of tokens never to be written, separated by commas; -1 stands for all that are not speech.',
  }),
  prompt: optional(z.string().max(MAX_PROMPT_CHARACTERS)).meta({ description: 'Names and words to expect.' }),
  condition_on_previous_text: flagField(
    'false',
    'true: each window is told the text before it, so that they are made one after the other.',
  ),
  vad: flagField('true', 'false: transcribe all of it, without looking for speech first.'),
  hallucination_filter: optional(z.string().trim().toLowerCase().pipe(z.enum(HALLUCINATION_FILTERS))).meta({
    description:
      'Text that was probably never said: `drop` leaves out what two signals agree on, `flag` only says so, `off` does neither.',
    enum: [...HALLUCINATION_FILTERS],
    default: 'drop',
  }),
  async: flagField('false', 'true: answer 202 at once; see /status/{id}.'),
  priority: optional(z.enum(LANES)).meta({
    description: '`batch`: after others. Nothing: interactive when synchronous. Raising it needs a key that may.',
  }),
  cache: flagField('true', 'false: a run of its own, whatever was transcribed before.'),
  cancel_on_disconnect: flagField('false', 'true: a synchronous client that leaves cancels its job.'),
  url: optional(httpUrl).meta({ description: 'Where the recording is, in place of `file`.' }),
  upload_id: optional(z.string().trim().max(100)).meta({
    description: 'A finished resumable upload (see /uploads), in place of `file`.',
  }),
  webhook_url: optional(httpUrl).meta({
    description: 'Called when the job ends, signed as Standard Webhooks; needs WEBHOOK_SECRET.',
  }),
});
export type TranscribeForm = z.infer<typeof transcribeFormSchema>;

/** The one place where form names become RunOptions. */
export function runOptionsOf(form: TranscribeForm): RunOptions {
  const byDefault = DEFAULT_RUN_OPTIONS;
  return {
    language: form.language ?? byDefault.language,
    model: form.model ?? byDefault.model,
    task: form.task ?? byDefault.task,
    temperature: form.temperature ?? byDefault.temperature,
    beamSize: form.beam_size ?? byDefault.beamSize,
    bestOf: form.best_of ?? byDefault.bestOf,
    patience: form.patience ?? byDefault.patience,
    lengthPenalty: form.length_penalty ?? byDefault.lengthPenalty,
    suppressTokens: form.suppress_tokens ?? byDefault.suppressTokens,
    prompt: form.prompt ?? byDefault.prompt,
    conditionOnPreviousText: form.condition_on_previous_text ?? byDefault.conditionOnPreviousText,
    vad: form.vad ?? byDefault.vad,
    hallucinationFilter: form.hallucination_filter ?? byDefault.hallucinationFilter,
  };
}

/** The one place where form names become DeliveryOptions. */
export function deliveryOptionsOf(form: TranscribeForm): DeliveryOptions {
  const captions = captionChoiceOf(form);
  return {
    responseFormat: form.response_format ?? 'json',
    granularity: form.timestamp_granularity ?? 'segment',
    ...(Object.keys(captions).length > 0 && { captions }),
    async: form.async ?? false,
    priority: form.priority ?? null,
    cancelOnDisconnect: form.cancel_on_disconnect ?? false,
    cache: form.cache ?? true,
    ...(form.webhook_url !== undefined && { webhookUrl: form.webhook_url }),
  };
}
