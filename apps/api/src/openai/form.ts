import {
  DEFAULT_RUN_OPTIONS,
  type DeliveryOptions,
  deliveryOptionsOf,
  enhancementOf,
  GRANULARITIES,
  keytermsField,
  languageWishOf,
  transcribeFormSchema,
} from '@sotto/contracts';
import { z } from 'zod';
import { invalidParameter, invalidParameters, problemsOf } from '../http/invalid-parameter.ts';
import { isDiarizing, localModel, type ModelMap } from '../settings/model-map.ts';
import { keepWishOf, type TranscribeOptions } from '../transcriptions/form.ts';
import { chunkingStrategy } from './chunking.ts';
import { referenceFields, referencesOf, type SpeakerReference } from './reference-fields.ts';

/** What an OpenAI client asked for: the work, and how to return it. */
export interface OpenAiOptions extends TranscribeOptions {
  delivery: DeliveryOptions & { responseFormat: Exclude<(typeof FORMATS)[number], typeof DIARIZED> };
  /** The answer tells who says what, in a shape of its own. */
  diarized: boolean;
  /** Who may be heard, and how they sound. */
  references: SpeakerReference[];
  stream: boolean;
  /** Which lists verbose_json has. */
  granularities: readonly ('segment' | 'word')[];
  logprobs: boolean;
  /** Parameters that were accepted but have no effect, for the Warning header. */
  notes: string[];
}

const DIARIZED = 'diarized_json';
const FORMATS = ['json', 'text', 'srt', 'vtt', 'verbose_json', DIARIZED] as const;

/** `key[]` sent once is a list of one; so is a bare `key`. */
const listOf = <T extends string>(words: readonly T[]) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(z.enum(words)).optional(),
  );

const { language, prompt, temperature, enhance, keep, keep_days, async: flag } = transcribeFormSchema.shape;

const common = {
  model: z
    .string({ error: 'is required' })
    .trim()
    .min(1, 'is required')
    .max(100)
    .meta({ description: 'A name from /models, or one that OPENAI_MODEL_MAP maps to a model.' }),
  prompt,
  response_format: z
    .preprocess((value) => (value === '' ? undefined : value), z.enum(FORMATS).optional())
    .meta({
      description: 'diarized_json tells who says what. Only for transcriptions.',
      enum: [...FORMATS],
      default: 'json',
    }),
  temperature,
  enhance,
  keep,
  keep_days,
};

export const translationForm = z.strictObject(common);

export const transcriptionForm = z.strictObject({
  ...common,
  language,
  stream: flag.meta({
    description: 'true: send the text as server-sent events as it is recognized.',
    enum: ['true', 'false'],
    default: 'false',
  }),
  timestamp_granularities: listOf(GRANULARITIES).meta({ description: 'Only with verbose_json; `[]` may be omitted.' }),
  include: listOf(['logprobs']).meta({ description: 'Only with json: one entry per word.' }),
  chunking_strategy: chunkingStrategy,
  ...referenceFields,
  keywords: keytermsField.optional().meta({
    description:
      'Names and phrases to recognize; `[]` may be omitted. Each is a text, or JSON as in `keyterms` of /transcribe.',
  }),
});

type TranscriptionForm = z.infer<typeof transcriptionForm>;

/** `name`, `name[]` and `name[property]` are one field. */
function baseName(name: string): string {
  return /^(\w+?)(\[\w*\])*$/.exec(name)?.[1] ?? name;
}

export const isKnownField = (form: z.ZodObject, name: string): boolean => baseName(name) in form.shape;

/** @throws SottoError `invalid_parameter`, naming every field that cannot be used. */
export function readTranscription(fields: Record<string, unknown>, models: ModelMap): OpenAiOptions {
  const form = parsed(transcriptionForm, withoutNulls(fields));
  const options = optionsOf(form, 'transcribe', models);
  const { keywords = [] } = form;
  checkTogether(form);
  return {
    ...options,
    ...(keywords.length > 0 && { run: { ...options.run, keyterms: keywords } }),
    references: referencesOf(form, options.diarized),
    stream: form.stream ?? false,
    granularities: form.timestamp_granularities ?? ['segment'],
    logprobs: form.include?.includes('logprobs') ?? false,
    notes: form.chunking_strategy?.notes ?? [],
  };
}

export function readTranslation(fields: Record<string, unknown>, models: ModelMap): OpenAiOptions {
  return optionsOf(parsed(translationForm, fields), 'translate', models);
}

/** SDKs cannot send null in a form, so they send the word. */
function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> {
  const isNull = ([name, value]: [string, unknown]) => value === 'null' && name !== 'prompt';
  return Object.fromEntries(Object.entries(fields).filter((entry) => !isNull(entry)));
}

function parsed<S extends z.ZodType>(schema: S, fields: Record<string, unknown>): z.output<S> {
  const result = schema.safeParse(fields);
  if (result.success) return result.data;
  throw invalidParameters(problemsOf(result.error));
}

/** Combinations that OpenAI documents as invalid are rejected rather than ignored. */
function checkTogether(form: TranscriptionForm): void {
  const format = form.response_format ?? 'json';
  if (form.timestamp_granularities !== undefined && format !== 'verbose_json') {
    throw invalidParameter('timestamp_granularities', 'response_format must be verbose_json');
  }
  if (form.include !== undefined && format !== 'json')
    throw invalidParameter('include', 'response_format must be json');
  if (form.stream && format !== 'json' && format !== 'text' && format !== DIARIZED) {
    throw invalidParameter('stream', 'response_format must be json, text or diarized_json');
  }
}

function optionsOf(
  form: z.infer<typeof translationForm> & Pick<TranscriptionForm, 'language' | 'timestamp_granularities'>,
  task: 'transcribe' | 'translate',
  models: ModelMap,
): OpenAiOptions {
  const format = form.response_format ?? 'json';
  const diarized = format === DIARIZED;
  if (task === 'translate' && diarized) throw invalidParameter('response_format', 'is only for transcriptions');
  const isByWord = form.timestamp_granularities?.includes('word') ?? false;
  return {
    kind: 'transcription',
    run: {
      ...DEFAULT_RUN_OPTIONS,
      ...languageWishOf({ language: form.language }),
      model: localModel(form.model, models),
      task,
      temperature: form.temperature ?? 0,
      prompt: form.prompt ?? null,
      ...((diarized || isDiarizing(form.model)) && { speakers: {} }),
      ...enhancementOf(form),
    },
    delivery: {
      ...deliveryOptionsOf({}),
      responseFormat: format === DIARIZED ? 'verbose_json' : format,
      granularity: isByWord ? 'word' : 'segment',
    },
    keeps: keepWishOf(form),
    references: [],
    stream: false,
    diarized,
    granularities: ['segment'],
    logprobs: false,
    notes: [],
  };
}
