import {
  DEFAULT_RUN_OPTIONS,
  LONGEST_SAMPLE_MS,
  languageOptionsSchema,
  languageResultSchema,
  languageRunSchema,
  matchedVoiceSchema,
  matchingRunSchema,
  matchOptionsSchema,
  needsNewerSpeech,
  newerOptionsIn,
  PROTOCOL_1_CONTAINERS,
  type RunKind,
  type RunOf,
  runOptionsSchema,
  SPEAKERS_EXTRA,
  type Stage,
  speechOptionsSchema,
  speechResultSchema,
  speechRunSchema,
  textUploadSchema,
  transcriptionRunSchema,
  transcriptSchema,
  uploadSchema,
  voiceOptionsSchema,
  voiceResultSchema,
  voiceRunSchema,
  WORD_TIMES_EXTRA,
} from '@sotto/contracts';
import type { z } from 'zod';
import type { CostUnit } from './costs.ts';
import { guessDurationMs } from './recording-cost.ts';

/** A stage of a run; its share of the percentage ends where the next one begins. */
export interface StageDefinition {
  name: string;
  fromPercent: number;
}

/** What decides the lane of a run, beside what its sender asks for; see order/lane.ts. */
export interface LaneRule {
  /** A run that costs no more than this is interactive, however it was sent; decided once its cost is known. */
  interactiveUpTo: number;
  /** A run that is not expected to cost more than this waits for its first turn in the interactive lane. */
  smallUpTo: number;
}

/** What the kernel has to know about a kind of run. What such a run produces, and how, it does not know. */
export interface RunKindDefinition {
  /** The kind of job that drives it: it starts first, runs again after each step, and ends the run. */
  driver: string;
  /** Schema of the whole record, with the fields below. */
  record: z.ZodType;
  /** The field of the record that holds the input, and its schema. */
  input: { field: string; schema: z.ZodType };
  options: z.ZodObject;
  /** Numeric fields that only this kind has, with their initial values. */
  numbers: Readonly<Record<string, number | null>>;
  result: z.ZodType;
  /** In order. The first is `queued`; the second begins when a worker takes the run. */
  stages: readonly StageDefinition[];
  unit: CostUnit;
  /** Expected cost, in `unit`, of new work. */
  guessCost(input: unknown): number;
  lane: LaneRule;
  /** Steps with one child in which the run may wait for its first turn, and the kind of that child. */
  firstSteps: readonly { step: string; job: string }[];
  /** Retention after its end; absent: that of the service. */
  retentionMs?: number;
  /** Kinds of job that may be asked for in addition to the result. */
  extras: readonly string[];
  /** The oldest worker protocol that may process such a run. */
  leastWorker(input: unknown, options: unknown): number;
  /** Added to its options where they are stored, for builds that know only one shape of options. */
  legacyOptions?: Readonly<Record<string, unknown>>;
}

/** The step in which a transcription that is not small is prepared. */
export const PREPARE_STEP = 'prepare';

const MINUTE_MS = 60_000;
/** A recording of at most this length is interactive, however it was sent. */
const SHORT_AUDIO_MS = MINUTE_MS;

/** A text of at most this length, a minute when it is spoken, is interactive, however it was sent. */
const SHORT_TEXT_CHARACTERS = 1_000;

/** Every kind of run. Producers, views, events, webhooks and the sweep work from this table. */
export const RUN_CATALOG = {
  /** A transcript of a recording. */
  transcription: {
    driver: 'transcribe',
    record: transcriptionRunSchema,
    input: { field: 'upload', schema: uploadSchema },
    options: runOptionsSchema,
    numbers: { durationMs: null, windowsTotal: null, windowsDone: 0 },
    result: transcriptSchema,
    stages: [
      { name: 'queued', fromPercent: 0 },
      { name: 'preparing', fromPercent: 1 },
      { name: 'transcribing', fromPercent: 5 },
      { name: 'assembling', fromPercent: 95 },
    ],
    unit: 'audio_ms',
    guessCost: (upload) => guessDurationMs(upload),
    lane: { interactiveUpTo: SHORT_AUDIO_MS, smallUpTo: SHORT_AUDIO_MS },
    firstSteps: [{ step: PREPARE_STEP, job: 'prepare' }],
    extras: [SPEAKERS_EXTRA],
    leastWorker: ({ container }, options) =>
      newerOptionsIn(options).length === 0 && PROTOCOL_1_CONTAINERS.includes(container) ? 1 : 2,
  },
  /** The language of a recording, detected in its first minutes. */
  language: {
    driver: 'detect',
    record: languageRunSchema,
    input: { field: 'upload', schema: uploadSchema },
    options: languageOptionsSchema,
    numbers: { durationMs: null },
    result: languageResultSchema,
    stages: [
      { name: 'queued', fromPercent: 0 },
      { name: 'preparing', fromPercent: 1 },
      { name: 'transcribing', fromPercent: 50 },
    ],
    unit: 'audio_ms',
    // Never more than its first ten minutes are decoded.
    guessCost: (upload) => Math.min(guessDurationMs(upload), 10 * MINUTE_MS),
    lane: { interactiveUpTo: 10 * MINUTE_MS, smallUpTo: SHORT_AUDIO_MS },
    firstSteps: [],
    extras: [],
    leastWorker: () => 2,
    legacyOptions: { ...DEFAULT_RUN_OPTIONS, languageOnly: true },
  },
  /** How the one person in a sample sounds. */
  voice: {
    driver: 'hear-voice',
    record: voiceRunSchema,
    input: { field: 'upload', schema: uploadSchema },
    options: voiceOptionsSchema,
    numbers: { durationMs: null },
    result: voiceResultSchema,
    stages: [
      { name: 'queued', fromPercent: 0 },
      { name: 'preparing', fromPercent: 1 },
    ],
    unit: 'audio_ms',
    guessCost: (upload) => Math.min(guessDurationMs(upload), LONGEST_SAMPLE_MS),
    lane: { interactiveUpTo: LONGEST_SAMPLE_MS, smallUpTo: LONGEST_SAMPLE_MS },
    firstSteps: [],
    // Whoever asked for it waits, and a voice is to stay nowhere that its owner does not see.
    retentionMs: 5 * MINUTE_MS,
    extras: [],
    leastWorker: (_, { like }) => (like === undefined ? 2 : 3),
  },
  /** A text, spoken. */
  speech: {
    driver: 'speak',
    record: speechRunSchema,
    input: { field: 'upload', schema: textUploadSchema },
    options: speechOptionsSchema,
    numbers: { characters: null, piecesTotal: null, piecesDone: 0, durationMs: null },
    result: speechResultSchema,
    stages: [
      { name: 'queued', fromPercent: 0 },
      { name: 'preparing', fromPercent: 1 },
      { name: 'speaking', fromPercent: 2 },
      { name: 'assembling', fromPercent: 95 },
    ],
    unit: 'characters',
    guessCost: ({ characters }) => characters,
    lane: { interactiveUpTo: SHORT_TEXT_CHARACTERS, smallUpTo: SHORT_TEXT_CHARACTERS },
    firstSteps: [],
    extras: [WORD_TIMES_EXTRA],
    leastWorker: ({ maxCharacters }, options) => (maxCharacters !== undefined || needsNewerSpeech(options) ? 3 : 2),
  },
  /** A voice, made of those of an engine to be like a sample. */
  matching: {
    driver: 'match-voice',
    record: matchingRunSchema,
    input: { field: 'upload', schema: textUploadSchema },
    options: matchOptionsSchema,
    numbers: { characters: null, stepsTotal: null, stepsDone: 0 },
    result: matchedVoiceSchema,
    stages: [
      { name: 'queued', fromPercent: 0 },
      { name: 'preparing', fromPercent: 1 },
      { name: 'matching', fromPercent: 2 },
    ],
    unit: 'characters',
    guessCost: ({ characters }) => characters,
    // It takes minutes, whatever it costs: never before anything that somebody waits for.
    lane: { interactiveUpTo: 0, smallUpTo: 0 },
    firstSteps: [],
    // The voice has it by then.
    retentionMs: 60 * MINUTE_MS,
    extras: [],
    leastWorker: () => 3,
  },
} as const satisfies { [K in RunKind]: DefinitionOf<K> };

/** The result of a run of that kind. */
export type ResultOf<K extends RunKind> = z.infer<(typeof RUN_CATALOG)[K]['result']>;

/** Typed by contracts: a stage that clients do not know, or a record of another shape, does not compile. */
type DefinitionOf<K extends RunKind> = Omit<RunKindDefinition, 'stages' | 'guessCost' | 'leastWorker' | 'record'> & {
  record: z.ZodType<RunOf<K>>;
  stages: readonly (StageDefinition & { name: Stage })[];
  guessCost(input: RunOf<K>['upload']): number;
  leastWorker(input: RunOf<K>['upload'], options: RunOf<K>['options']): number;
};
