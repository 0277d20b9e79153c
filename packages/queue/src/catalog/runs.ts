import {
  DEFAULT_RUN_OPTIONS,
  languageOptionsSchema,
  languageResultSchema,
  languageRunSchema,
  PROTOCOL_1_CONTAINERS,
  type RunKind,
  type RunOf,
  runOptionsSchema,
  type Stage,
  transcriptionRunSchema,
  transcriptSchema,
  uploadSchema,
} from '@sotto/contracts';
import type { z } from 'zod';
import type { CostUnit } from './costs.ts';
import { guessDurationMs } from './recording-cost.ts';

/** A stage of a run: its share of the percentage goes from here to where the next one begins. */
export interface StageDefinition {
  name: string;
  fromPercent: number;
}

/** Which lane a run is in, beside what its sender wants; see order/lane.ts. */
export interface LaneRule {
  /** What costs no more than this counts as interactive, however it was sent; known once its cost is. */
  interactiveUpTo: number;
  /** What looks as if it cost no more waits for its first turn among the interactive ones. */
  smallUpTo: number;
}

/** What the kernel must know of a kind of run. What is made, and how, it does not know. */
export interface RunKindDefinition {
  /** The kind of job that drives it: begins first, runs again after each step, ends the run. */
  driver: string;
  /** Of the record, with the fields below. */
  record: z.ZodType;
  /** The record's field with what came in, and its schema. */
  input: { field: string; schema: z.ZodType };
  options: z.ZodObject;
  /** Fields of its own that are numbers, with what they are at first. */
  numbers: Readonly<Record<string, number | null>>;
  result: z.ZodType;
  /** In order; the first is `queued`, and `preparing` is where a worker takes it up. */
  stages: readonly StageDefinition[];
  unit: CostUnit;
  /** Expected cost, in its unit, of work that has just come in. */
  guessCost(input: unknown): number;
  lane: LaneRule;
  /** Steps of one child in which it may wait for its first turn, and the kinds of job that then do. */
  firstSteps: readonly { step: string; job: string }[];
  /** How long it is kept after its end; absent: as the service keeps results. */
  retentionMs?: number;
  /** Kinds of job that can be asked for beside the result. */
  extras: readonly string[];
  /** The least protocol of a worker that may take it. */
  leastWorker(input: unknown): number;
  /** Members added to its options where they are stored, for builds that know one shape of options. */
  legacyOptions?: Readonly<Record<string, unknown>>;
}

/** In which a transcription that is not small waits to be prepared. */
export const PREPARE_STEP = 'prepare';

const MINUTE_MS = 60_000;
/** A recording of at most this length counts as interactive, however it was sent. */
const SHORT_AUDIO_MS = MINUTE_MS;

/** Every kind of run. Producers, views, events, webhooks and the sweep follow from it. */
export const RUN_CATALOG = {
  /** A recording becomes a transcript. */
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
    extras: [],
    leastWorker: ({ container }) => (PROTOCOL_1_CONTAINERS.includes(container) ? 1 : 2),
  },
  /** The language of a recording, from a stretch at its beginning. */
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
    // More of it is never looked at.
    guessCost: (upload) => Math.min(guessDurationMs(upload), 10 * MINUTE_MS),
    lane: { interactiveUpTo: 10 * MINUTE_MS, smallUpTo: SHORT_AUDIO_MS },
    firstSteps: [],
    extras: [],
    leastWorker: () => 2,
    legacyOptions: { ...DEFAULT_RUN_OPTIONS, languageOnly: true },
  },
} as const satisfies { [K in RunKind]: DefinitionOf<K> };

/** What a completed run of that kind made. */
export type ResultOf<K extends RunKind> = z.infer<(typeof RUN_CATALOG)[K]['result']>;

/** Typed by what contracts says of the kind: a stage that clients do not know, or another record, does not compile. */
type DefinitionOf<K extends RunKind> = Omit<RunKindDefinition, 'stages' | 'guessCost' | 'leastWorker' | 'record'> & {
  record: z.ZodType<RunOf<K>>;
  stages: readonly (StageDefinition & { name: Stage })[];
  guessCost(input: RunOf<K>['upload']): number;
  leastWorker(input: RunOf<K>['upload']): number;
};
