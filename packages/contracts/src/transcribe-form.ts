import { z } from 'zod';
import { captionChoiceOf, captionFields } from './caption-fields.ts';
import { flagField, httpUrl, number, optional, responseFormat } from './form-fields.ts';
import { keytermsField, MAX_KEYTERM_CHARACTERS, MAX_KEYTERMS } from './keyterms.ts';
import { type LanguageCode, parseLanguage } from './languages.ts';
import { listName } from './named-list.ts';
import {
  DEFAULT_BEAM_SIZE,
  DEFAULT_BEST_OF,
  DEFAULT_RUN_OPTIONS,
  type DeliveryOptions,
  ENHANCEMENTS,
  GRANULARITIES,
  HALLUCINATION_FILTERS,
  languageCodeSchema,
  MAX_BEAM_SIZE,
  MAX_LANGUAGES,
  MAX_PATIENCE,
  MAX_PROMPT_CHARACTERS,
  MAX_SUPPRESSED_TOKENS,
  RESPONSE_FORMATS,
  type RunOptions,
  suppressedTokenSchema,
  TASKS,
  WINDOW_ERROR_CHOICES,
} from './options.ts';
import { speakerFields, speakerWishOf } from './speaker-fields.ts';
import { LANES } from './status.ts';
import { MAX_KEEP_DAYS } from './wire-library.ts';
import { wordingChoiceOf, wordingFields } from './wording-fields.ts';

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
        .regex(/^-?\d+$/, 'must be a list of token ids, separated by commas')
        .transform(Number),
    ),
  )
  .pipe(z.array(suppressedTokenSchema))
  .transform((ids) => [...new Set(ids)].sort((a, b) => a - b))
  .pipe(z.array(z.int()).max(MAX_SUPPRESSED_TOKENS));

/** What `language` may also be: several, each to be detected. */
export const SEVERAL_LANGUAGES = 'multi';

const languageChoice = z
  .string()
  .trim()
  .transform((text, context): LanguageCode | typeof SEVERAL_LANGUAGES | null => {
    if (text.toLowerCase() === SEVERAL_LANGUAGES) return SEVERAL_LANGUAGES;
    if (text === '' || text.toLowerCase() === 'auto') return null;
    const code = parseLanguage(text);
    if (code !== null) return code;
    context.addIssue({ code: 'custom', message: 'is not a language Whisper knows (see /languages)' });
    return z.NEVER;
  });

/** `de,en`, `[German, English]`. */
export const languageList = z
  .string()
  .transform((text) =>
    text
      .replace(/[[\]"]/g, '')
      .split(',')
      .map((name) => name.trim()),
  )
  .transform((names, context): LanguageCode[] => {
    const codes = names
      .filter((name) => name !== '')
      .map((name) => {
        const code = parseLanguage(name);
        if (code === null)
          context.addIssue({
            code: 'custom',
            message: `has a language Whisper does not know: ${name} (see /languages)`,
          });
        return code;
      });
    return [...new Set(codes.filter((code) => code !== null))].sort();
  })
  .pipe(z.array(languageCodeSchema).max(MAX_LANGUAGES));

/**
 * The text fields of `POST /transcribe` (owner's specification, 3.1.1, and what DESIGN adds), as strings of a
 * multipart form. Strict: a misspelt field is an error, not a silent default.
 */
export const transcribeFormSchema = z.strictObject({
  language: optional(languageChoice).meta({
    description: 'ISO 639-1 code or English name; `auto` or empty: detected; `multi`: several, detected throughout.',
  }),
  languages: optional(languageList).meta({
    description: 'Languages that may be spoken, separated by commas: only these are considered when it is detected.',
  }),
  model: optional(z.string().trim().max(100)).meta({ description: 'A name from /models. Empty: the current model.' }),
  task: optional(z.enum(TASKS)).meta({ description: '`translate`: translate into English.', default: 'transcribe' }),
  response_format: optional(responseFormat).meta({
    description: 'Other formats are available later from /jobs/{id}/result.',
    enum: [...RESPONSE_FORMATS, 'txt'],
    default: 'json',
  }),
  timestamp_granularity: optional(z.enum(GRANULARITIES)).meta({
    description: '`word`: the response also has `words`.',
    default: 'segment',
  }),
  ...captionFields,
  ...wordingFields,
  ...speakerFields,
  temperature: optional(number.pipe(z.number().min(0).max(1))).meta({ description: '0 to 1.', default: '0' }),
  beam_size: optional(number.pipe(z.int().min(1).max(MAX_BEAM_SIZE))).meta({
    description: `1 (greedy) to ${MAX_BEAM_SIZE}.`,
    default: String(DEFAULT_BEAM_SIZE),
  }),
  best_of: optional(number.pipe(z.int().min(1).max(MAX_BEAM_SIZE))).meta({
    description: `Candidates to sample when the temperature is above 0, 1 to ${MAX_BEAM_SIZE}; the most likely one is kept.`,
    default: String(DEFAULT_BEST_OF),
  }),
  patience: optional(number.pipe(z.number().positive().max(MAX_PATIENCE))).meta({
    description: 'Beam search continues until beam_size times this many hypotheses are complete.',
    default: '1',
  }),
  length_penalty: optional(number.pipe(z.number().min(0).max(1))).meta({
    description:
      '0 to 1: how strongly longer hypotheses are preferred. Empty: hypotheses are compared by their mean log-probability.',
  }),
  suppress_tokens: optional(tokenList).meta({
    description: 'Ids of tokens to suppress, separated by commas; -1 means all tokens that are not speech.',
  }),
  prompt: optional(z.string().max(MAX_PROMPT_CHARACTERS)).meta({
    description: 'Names and words to expect in the recording.',
  }),
  keyterms: optional(keytermsField).meta({
    description: `Names and phrases to recognize, at most ${MAX_KEYTERMS} of at most ${MAX_KEYTERM_CHARACTERS} characters. Repeat the field, or send a JSON list of texts and of objects with \`text\`, \`weight\` and \`sounds_like\`.`,
  }),
  vocabulary: optional(listName).meta({
    description:
      'Name of a list of such terms, see /vocabularies. As it is now: later versions change no accepted job.',
  }),
  condition_on_previous_text: flagField(
    'false',
    'true: each window is given the text before it, so windows are decoded one after another.',
  ),
  vad: flagField('true', 'false: transcribe everything, without detecting speech first.'),
  hallucination_filter: optional(z.string().trim().toLowerCase().pipe(z.enum(HALLUCINATION_FILTERS))).meta({
    description:
      'What to do with text that was probably never spoken: `drop` removes what two signals agree on, `flag` only marks it, `off` does neither.',
    enum: [...HALLUCINATION_FILTERS],
    default: 'drop',
  }),
  enhance: optional(z.string().trim().toLowerCase().pipe(z.enum(ENHANCEMENTS))).meta({
    description:
      'What to do to the sound before it is transcribed: `level` removes an offset and rumble and brings quiet speech up, `denoise` also reduces noise, `auto` decides from what it measures, `off` leaves it as it is.',
    enum: [...ENHANCEMENTS],
    default: 'off',
  }),
  on_window_error: optional(z.string().trim().toLowerCase().pipe(z.enum(WINDOW_ERROR_CHOICES))).meta({
    description:
      'What to do when a part of the recording (at most 29 s) cannot be transcribed: `fail` the job, or leave a `gap`, which `warnings` and `dropped_segments` show.',
    enum: [...WINDOW_ERROR_CHOICES],
    default: 'fail',
  }),
  keep_audio: optional(number.pipe(z.int().min(0))).meta({
    description:
      'Seconds after the end of the job for which the decoded recording is kept, so that speakers can be told apart again (POST /jobs/{id}/speakers).',
    default: '0',
  }),
  keep: flagField(
    'false',
    'true: keep the transcript and the recording in the library, under the id of the job. Empty: as the key is set.',
  ),
  keep_days: optional(number.pipe(z.int().min(1).max(MAX_KEEP_DAYS))).meta({
    description: 'Where it is kept: days after which both are deleted. Empty: as the library of this account is set.',
  }),
  async: flagField('false', 'true: respond with 202 immediately; see /status/{id}.'),
  priority: optional(z.enum(LANES)).meta({
    description:
      '`batch`: after interactive work. Empty: interactive for synchronous requests. Raising the priority requires a key that is allowed to.',
  }),
  cache: flagField('true', 'false: transcribe again, even if the same work was done before.'),
  cancel_on_disconnect: flagField('false', 'true: cancel the job when a synchronous client disconnects.'),
  url: optional(httpUrl).meta({ description: 'Address of the recording, instead of `file`.' }),
  upload_id: optional(z.string().trim().max(100)).meta({
    description: 'Id of a finished resumable upload (see /uploads), instead of `file`.',
  }),
  item_id: optional(z.string().trim().max(100)).meta({
    description: 'Id of an item of the library (see /library) whose recording is transcribed, instead of `file`.',
  }),
  webhook_url: optional(httpUrl).meta({
    description: 'Called when the job ends, signed according to Standard Webhooks. Requires WEBHOOK_SECRET.',
  }),
});
export type TranscribeForm = z.infer<typeof transcribeFormSchema>;

export function languageWishOf({
  language: choice = null,
  languages = [],
}: Pick<TranscribeForm, 'language' | 'languages'>): Pick<RunOptions, 'language' | 'languages' | 'multilingual'> {
  return {
    language: choice === SEVERAL_LANGUAGES ? null : choice,
    ...(languages.length > 0 && { languages }),
    ...(choice === SEVERAL_LANGUAGES && { multilingual: true as const }),
  };
}

export function enhancementOf({ enhance = 'off' }: Pick<TranscribeForm, 'enhance'>): Pick<RunOptions, 'enhance'> {
  return enhance === 'off' ? {} : { enhance };
}

/** The one place where form names become RunOptions. */
export function runOptionsOf(form: TranscribeForm): RunOptions {
  const byDefault = DEFAULT_RUN_OPTIONS;
  return {
    ...languageWishOf(form),
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
    ...(form.keyterms !== undefined && form.keyterms.length > 0 && { keyterms: form.keyterms }),
    ...enhancementOf(form),
    ...(form.on_window_error === 'gap' && { onWindowError: 'gap' as const }),
    ...speakerWishOf(form).run,
    ...((form.keep_audio ?? 0) > 0 && { keepAudioSeconds: form.keep_audio }),
  };
}

/** The one place where form names become DeliveryOptions. */
export function deliveryOptionsOf(form: TranscribeForm): DeliveryOptions {
  const captions = captionChoiceOf(form);
  const wording = wordingChoiceOf(form);
  return {
    responseFormat: form.response_format ?? 'json',
    granularity: form.timestamp_granularity ?? 'segment',
    ...(Object.keys(captions).length > 0 && { captions }),
    ...(Object.keys(wording).length > 0 && { wording }),
    ...speakerWishOf(form).delivery,
    async: form.async ?? false,
    priority: form.priority ?? null,
    cancelOnDisconnect: form.cancel_on_disconnect ?? false,
    cache: form.cache ?? true,
    ...(form.webhook_url !== undefined && { webhookUrl: form.webhook_url }),
  };
}
