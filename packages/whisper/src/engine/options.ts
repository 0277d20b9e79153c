import {
  DEFAULT_BEST_OF,
  type LanguageCode,
  languageCodeSchema,
  MAX_BEAM_SIZE,
  MAX_PATIENCE,
  MAX_PROMPT_CHARACTERS,
  MAX_SUPPRESSED_TOKENS,
  SottoError,
  suppressedTokenSchema,
  TASKS,
} from '@sotto/contracts';
import { z } from 'zod';
import type { NativeInfo, NativeOptions } from './native.ts';

export const DEVICES = ['auto', 'cpu', 'cuda', 'metal'] as const;

export const BACKENDS = ['auto', 'portable'] as const;

export const MAX_SLOTS = 64;
/** More windows at once bring little more per window (docs/PERFORMANCE.md). */
export const USEFUL_SLOTS = 8;

/** Some windows' time: a clip is done by then, and whoever nobody waits for is not kept for ever by a stream of clips. */
const LONGEST_REST_MS = 10_000;

/** How a model is loaded. Device, slots and threads must be given; a misspelt option is an error. */
export interface EngineOptions {
  device: (typeof DEVICES)[number];
  /** Windows decoded together; `auto`: as many as are of use and half of the free memory holds. */
  slots: number | 'auto';
  /** Further slots that only urgent windows take; fewer when memory is short. */
  reservedSlots?: number;
  /** How long a window rests for the sake of urgent ones, in all: after that it goes on beside them. */
  longestRestMs?: number;
  /** Of the whole engine. More than the processor quota is slower by far. */
  threads: number;
  /** `auto`: the fast one where the processor has AVX2 and the model runs on it, which is the default. */
  backend?: (typeof BACKENDS)[number];
  /** The engine's own log. */
  onLog?: (level: LogLevel, text: string) => void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const engineOptionsSchema = z.strictObject({
  device: z.enum(DEVICES),
  slots: z.union([z.int().min(1).max(MAX_SLOTS), z.literal('auto')]),
  reservedSlots: z.int().min(0).max(MAX_SLOTS).default(0),
  longestRestMs: z.number().min(0).default(LONGEST_REST_MS),
  threads: z.int().min(1).max(256),
  backend: z.enum(BACKENDS).default('auto'),
  onLog: z.custom<EngineOptions['onLog']>((value) => value === undefined || typeof value === 'function').optional(),
});

/** Its lift is multiplied by `weight`. */
export interface ExpectedPhrase {
  text: string;
  weight: number;
}

/** What decides the text of one window. Everything has a default; the numbers are openai/whisper's. */
export interface TranscribeWindowOptions {
  /** null: detect. */
  language?: LanguageCode | null;
  /** Only these are considered when it is detected; empty: all. */
  languages?: readonly LanguageCode[] | undefined;
  task?: (typeof TASKS)[number];
  /** 0-1, of the first try. */
  temperature?: number;
  /** Added for each further try of a window that fails the tests below; 0: no further try. */
  temperatureIncrement?: number;
  /** 1: greedy. */
  beamSize?: number;
  /** Candidates of a try at a temperature above 0. */
  bestOf?: number;
  /** Beam search goes on until beamSize x patience texts are complete (https://arxiv.org/abs/2204.05424). */
  patience?: number;
  /** 0-1, Google NMT's exponent by which long texts are preferred; null: texts are compared by their mean. */
  lengthPenalty?: number | null;
  /** Ids of tokens never to be written; -1 stands for all that are not speech. */
  suppressTokens?: readonly number[];
  /** Text the recording is said to follow: names and words to expect. */
  prompt?: string | null;
  /** What is said, where that is known: its words get times, and nothing is decoded. */
  given?: string | null;
  /** Expected: a way of writing that comes near one of them is taken to be likelier. Each as it may be written, in every case. */
  phrases?: readonly ExpectedPhrase[];
  /** false: all token times are -1 and an alignment pass is saved. */
  wordTimes?: boolean;
  /** false: no time tokens are decoded and there is one segment. */
  timestamps?: boolean;
  /**
   * Milliseconds of silence that the encoder hears after the sound; null: up to 30 s in all, as models were trained. The less,
   * the sooner it is done, and the more words are wrong.
   */
  tailMs?: number | null;
  /** Above it, and with a mean log-probability below the next: the window is taken for silence. */
  noSpeechThreshold?: number;
  /** A mean log-probability below it fails a try. */
  logprobThreshold?: number;
  /** An entropy of the last 32 tokens below it fails a try: the text repeats itself. */
  entropyThreshold?: number;
}

const MAX_TAIL_MS = 30_000;
/** More than anybody says in 30 s. */
const MAX_GIVEN_CHARACTERS = 2000;
/** Longer than any a service lets in. */
const MAX_PHRASE_CHARACTERS = 1000;

const windowOptionsSchema = z.strictObject({
  language: languageCodeSchema.nullable().default(null),
  languages: z.array(languageCodeSchema).default([]),
  task: z.enum(TASKS).default('transcribe'),
  temperature: z.number().min(0).max(1).default(0),
  temperatureIncrement: z.number().min(0).max(1).default(0.2),
  beamSize: z.int().min(1).max(MAX_BEAM_SIZE).default(1),
  bestOf: z.int().min(1).max(MAX_BEAM_SIZE).default(DEFAULT_BEST_OF),
  patience: z.number().positive().max(MAX_PATIENCE).default(1),
  lengthPenalty: z.number().min(0).max(1).nullable().default(null),
  suppressTokens: z.array(suppressedTokenSchema).max(MAX_SUPPRESSED_TOKENS).default([]),
  prompt: z.string().max(MAX_PROMPT_CHARACTERS).nullable().default(null),
  given: z.string().trim().min(1).max(MAX_GIVEN_CHARACTERS).nullable().default(null),
  phrases: z
    .array(z.strictObject({ text: z.string().trim().min(1).max(MAX_PHRASE_CHARACTERS), weight: z.number().positive() }))
    .default([]),
  wordTimes: z.boolean().default(true),
  timestamps: z.boolean().default(true),
  tailMs: z.int().min(0).max(MAX_TAIL_MS).nullable().default(null),
  noSpeechThreshold: z.number().default(0.6),
  logprobThreshold: z.number().default(-1),
  entropyThreshold: z.number().default(2.4),
});

function parsed<T extends z.ZodType>(schema: T, given: unknown, what: string): z.output<T> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new SottoError('invalid_parameter', `${what}: ${z.prettifyError(result.error)}`);
}

export function parseEngineOptions(options: EngineOptions) {
  return parsed(engineOptionsSchema, options, 'engine options');
}

/**
 * Options with defaults filled in, checked against what the model can do.
 * Throws `invalid_parameter` for what no model could do, `language_not_supported` for what this one cannot.
 */
export function parseWindowOptions(options: TranscribeWindowOptions, info: NativeInfo): NativeOptions {
  const { language, task, prompt, given, lengthPenalty, tailMs, ...rest } = parsed(
    windowOptionsSchema,
    options,
    'window options',
  );
  if (!info.multilingual && language !== null && language !== 'en') {
    throw new SottoError('language_not_supported', `This model only knows English, not "${language}".`);
  }
  if (!info.multilingual && task === 'translate') {
    throw new SottoError('language_not_supported', 'This model only knows English and cannot translate.');
  }
  if (language === 'yue' && info.vocabularySize < 51866) {
    throw new SottoError('language_not_supported', 'This model has no Cantonese; large-v3 and its turbo have.');
  }
  const named = info.multilingual ? (language ?? '') : 'en';
  return {
    ...rest,
    language: named,
    translate: task === 'translate',
    prompt: prompt ?? '',
    given: given ?? '',
    lengthPenalty: lengthPenalty ?? -1,
    tailMs: tailMs ?? -1,
  };
}
