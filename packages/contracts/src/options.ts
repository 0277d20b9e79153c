import { z } from 'zod';
import { captionChoiceSchema } from './captions.ts';
import { keytermSchema, MAX_KEYTERMS } from './keyterms.ts';
import { LANGUAGE_CODES, type LanguageCode } from './languages.ts';
import { MAX_SPEAKER_NAME_CHARACTERS, MAX_SPEAKERS, speakerHintsSchema } from './speakers.ts';
import { SPEECH_FORMATS } from './speech-choices.ts';
import { LANES } from './status.ts';
import { MAX_KEEP_DAYS } from './wire-library.ts';
import { wordingChoiceSchema } from './wording.ts';

export const TASKS = ['transcribe', 'translate'] as const;
export const RESPONSE_FORMATS = [
  'json',
  'verbose_json',
  'text',
  'srt',
  'vtt',
  'ass',
  'tsv',
  'csv',
  'md',
  'docx',
  'rttm',
] as const;
export const GRANULARITIES = ['segment', 'word'] as const;

export type Task = (typeof TASKS)[number];
export type ResponseFormat = (typeof RESPONSE_FORMATS)[number];
export type Granularity = (typeof GRANULARITIES)[number];

/** Characters of a prompt that are kept; Whisper reads only its last 224 tokens anyway. */
export const MAX_PROMPT_CHARACTERS = 2000;
export const MAX_BEAM_SIZE = 5;
/** Of the first try, at temperature 0; a window that fails Whisper's tests is decoded again at rising temperatures. */
export const DEFAULT_BEAM_SIZE = 5;
/** Candidates of an attempt at a temperature above 0. */
export const DEFAULT_BEST_OF = 5;
export const MAX_PATIENCE = 4;
/** Token ids that one request may forbid, and the highest id of any Whisper vocabulary (large-v3). */
export const MAX_SUPPRESSED_TOKENS = 256;
export const MAX_TOKEN_ID = 51_865;
/** In a list of tokens to suppress: those that are not speech (openai/whisper's `non_speech_tokens`). */
export const NON_SPEECH_TOKENS = -1;

/** What is done with text that was probably never said. `drop`: left out of every text, still found in verbose_json. */
export const HALLUCINATION_FILTERS = ['off', 'flag', 'drop'] as const;
export type HallucinationFilter = (typeof HALLUCINATION_FILTERS)[number];

/** What becomes of a transcription when one of its windows cannot be transcribed. `gap`: it goes on without that window. */
export const WINDOW_ERROR_CHOICES = ['fail', 'gap'] as const;

/** What is done to the sound before anything listens to it. `auto`: decided from what is measured of it. */
export const ENHANCEMENTS = ['off', 'auto', 'level', 'denoise'] as const;
export type Enhancement = Exclude<(typeof ENHANCEMENTS)[number], 'off'>;

/** What is done with the channels of a recording: they are mixed, or each is transcribed by itself. */
export const CHANNEL_CHOICES = ['mix', 'split'] as const;

export const suppressedTokenSchema = z.int().min(NON_SPEECH_TOKENS).max(MAX_TOKEN_ID);

export const languageCodeSchema = z.enum(LANGUAGE_CODES as [LanguageCode, ...LanguageCode[]]);
export const MAX_LANGUAGES = 20;

/**
 * Options that change the text of a transcript. Hashed with the content into the work key: requests with equal
 * RunOptions for equal content share a run.
 */
export const runOptionsSchema = z.object({
  /** null: detect. */
  language: languageCodeSchema.nullable(),
  /** Only these are considered when the language is detected. Sorted, each once; absent: all. */
  languages: z.array(languageCodeSchema).min(1).max(MAX_LANGUAGES).optional(),
  /** Several languages are spoken: each is looked for everywhere. Absent: where the first windows disagree. */
  multilingual: z.literal(true).optional(),
  /** Catalog name after aliases; null: the service's default model. */
  model: z.string().nullable(),
  task: z.enum(TASKS),
  temperature: z.number().min(0).max(1),
  /** 1: greedy. */
  beamSize: z.int().min(1).max(MAX_BEAM_SIZE),
  /** Candidates of an attempt at a temperature above 0. */
  bestOf: z.int().min(1).max(MAX_BEAM_SIZE).default(DEFAULT_BEST_OF),
  /** Finished beams are awaited until there are beamSize x patience of them (https://arxiv.org/abs/2204.05424). */
  patience: z.number().positive().max(MAX_PATIENCE).default(1),
  /** Exponent of a text's length by which its log-probability is divided; null: the plain length. */
  lengthPenalty: z.number().min(0).max(1).nullable().default(null),
  /** Never written; NON_SPEECH_TOKENS stands for a list of its own. Sorted, each once. */
  suppressTokens: z.array(suppressedTokenSchema).max(MAX_SUPPRESSED_TOKENS).default([]),
  prompt: z.string().max(MAX_PROMPT_CHARACTERS).nullable(),
  /** Names and phrases that are expected, sorted, each once; those of a named list among them. Absent: none, so that the work keys of older builds hold. */
  keyterms: z
    .array(keytermSchema)
    .min(1)
    .max(2 * MAX_KEYTERMS)
    .optional(),
  /** true: windows are transcribed one after the other, each with the text of the previous one as prompt. */
  conditionOnPreviousText: z.boolean().default(false),
  /** false: the recording is cut every 29 s without looking for speech. */
  vad: z.boolean(),
  hallucinationFilter: z.enum(HALLUCINATION_FILTERS).default('drop'),
  /** Absent: the sound is left as it is, so that the work keys of older builds hold. */
  enhance: z.enum(ENHANCEMENTS).exclude(['off']).optional(),
  /** Absent: fail, so that the work keys of older builds still hold. */
  onWindowError: z.literal('gap').optional(),
  /** Who speaks is told, with these hints. Absent: not asked for. */
  speakers: speakerHintsSchema.optional(),
  /** Each channel is transcribed by itself, and is a speaker. Absent: they are mixed, so that the work keys of older builds hold. */
  channels: z.literal('split').optional(),
  /** For so long after its end, the decoded recording is kept, so that more can be asked about it. Absent: it is not. */
  keepAudioSeconds: z.int().min(1).optional(),
  /** Only detect the language. Builds before kinds of runs wrote it; now `language` is a kind of its own. */
  languageOnly: z.literal(true).optional(),
});
export type RunOptions = z.infer<typeof runOptionsSchema>;

/** Options that builds of protocol 1 do not know, with what clients call them. */
const NEWER_OPTIONS = {
  onWindowError: 'on_window_error',
  languages: 'languages',
  multilingual: 'language=multi',
  keyterms: 'keyterms',
  speakers: 'diarize',
  channels: 'channels',
  keepAudioSeconds: 'keep_audio',
  enhance: 'enhance',
} as const satisfies Partial<Record<keyof RunOptions, string>>;

/** Which of them are set, as clients call them: a worker of protocol 1 would fail such a run. */
export function newerOptionsIn(options: Partial<RunOptions>): string[] {
  return Object.entries(NEWER_OPTIONS)
    .filter(([option]) => options[option as keyof typeof NEWER_OPTIONS] !== undefined)
    .map(([, name]) => name);
}

/** Options of a language detection. */
export const languageOptionsSchema = runOptionsSchema.pick({ model: true, vad: true, languages: true });
export type LanguageOptions = z.infer<typeof languageOptionsSchema>;

/** The options of a request that names none. */
export const DEFAULT_RUN_OPTIONS: RunOptions = {
  language: null,
  model: null,
  task: 'transcribe',
  temperature: 0,
  beamSize: DEFAULT_BEAM_SIZE,
  bestOf: DEFAULT_BEST_OF,
  patience: 1,
  lengthPenalty: null,
  suppressTokens: [],
  prompt: null,
  conditionOnPreviousText: false,
  vad: true,
  hallucinationFilter: 'drop',
};

export const speakerNameSchema = z.string().min(1).max(MAX_SPEAKER_NAME_CHARACTERS);

/** How one request wants its response; never part of the work key. */
export const deliveryOptionsSchema = z.object({
  responseFormat: z.enum(RESPONSE_FORMATS),
  granularity: z.enum(GRANULARITIES),
  /** Of spoken text. Absent: the usual one, or nothing is spoken. */
  audioFormat: z.enum(SPEECH_FORMATS).optional(),
  /** Absent: as usual. */
  captions: captionChoiceSchema.optional(),
  /** Absent: as it was heard. */
  wording: wordingChoiceSchema.optional(),
  /** Of the speakers, in the order in which they are first heard, or of the channels. Absent: they are numbered. */
  speakerNames: z.array(speakerNameSchema).max(MAX_SPEAKERS).optional(),
  async: z.boolean(),
  /** null: decided from mode and length. */
  priority: z.enum(LANES).nullable(),
  cancelOnDisconnect: z.boolean(),
  /** false: transcribe again, even if the same work was done before. */
  cache: z.boolean(),
  /** Address that is called when the job ends; absent: none. */
  webhookUrl: z.url().optional(),
  /** The batch that the job is an item of. */
  batchId: z.uuid().optional(),
  /** The transcript and the recording go into the library. Absent: they do not. */
  keep: z.object({ days: z.int().min(1).max(MAX_KEEP_DAYS).optional() }).optional(),
});
export type DeliveryOptions = z.infer<typeof deliveryOptionsSchema>;
