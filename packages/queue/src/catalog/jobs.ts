import {
  type ErrorCode,
  HALLUCINATION_FILTERS,
  languageCodeSchema,
  likelyLanguageSchema,
  runOptionsSchema,
  SPEAKERS_EXTRA,
  spanSchema,
  speakerHintsSchema,
  TASKS,
  windowSchema,
} from '@sotto/contracts';
import { z } from 'zod';
import type { QueueName } from './queues.ts';
import { SPEECH_JOBS } from './speech-jobs.ts';
import { runId, WORK_TRIES } from './tries.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Options of a run that each of its windows has too. */
const { temperature, beamSize, bestOf, patience, lengthPenalty, suppressTokens, prompt } = runOptionsSchema.shape;
const windowOptions = { temperature, beamSize, bestOf, patience, lengthPenalty, suppressTokens, prompt };
const language = languageCodeSchema;
const probability = z.number().min(0).max(1);
/** Of one job, so that other work is not kept waiting. */
export const MAX_DETECTED_WINDOWS = 3;

/** The job of a killed worker starts elsewhere after about 13 s (its lock expires, then two checks). */
export const LOCK_DURATION_MS = 10 * SECOND_MS;
export const STALLED_INTERVAL_MS = 5 * SECOND_MS;
/**
 * Not every worker that dies is killed by what it is doing, so its jobs start elsewhere. A job whose workers have died so
 * often is processed alone: no other is at risk if it is the cause.
 */
export const DEATHS_BEFORE_ALONE = 2;
/** It has died alone, too: it is the cause. */
export const DEATHS_OF_POISON = 3;
/** So many workers may die during one job, if its kind has no limit of its own; independent of `attempts`. */
export const MAX_STALLED_COUNT = 5;

/** Of BullMQ's own records; results are stored elsewhere. BullMQ removes lazily and per queue, so this is generous. */
export const RETENTION = {
  removeOnComplete: { age: 3600, count: 1000 },
  removeOnFail: { age: 24 * 3600, count: 5000 },
};

/**
 * Every kind of job: its queue, payload, result, attempts, backoff and timeout. Producers and handlers infer their
 * types from it; payloads are validated when they are added and when they are taken.
 */
export const JOB_CATALOG = {
  /**
   * Drives a transcription: has it prepared, adds a job for each window, and assembles their results. It prepares small
   * recordings itself; nothing it does takes long.
   */
  transcribe: {
    queue: 'transcriptions',
    ofRun: 'driver',
    payload: z.strictObject({ runId }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 60 * MINUTE_MS,
    failureCode: 'transcription_failed',
    onFailure: 'fail_run',
  },
  /** Drives a run of kind `language`: prepares a part of the recording and has the engine detect its language. */
  detect: {
    queue: 'languages',
    ofRun: 'driver',
    payload: z.strictObject({ runId }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 15 * MINUTE_MS,
    failureCode: 'transcription_failed',
    onFailure: 'fail_run',
  },
  /** Drives a run of kind `voice`: decodes the sample and hears who speaks. */
  'hear-voice': {
    queue: 'voice-samples',
    ofRun: 'driver',
    payload: z.strictObject({ runId }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 15 * MINUTE_MS,
    failureCode: 'transcription_failed',
    onFailure: 'fail_run',
    mayBePoison: true,
  },
  /**
   * Decodes and plans a recording that is not small; in its own queue, so that nothing else waits for a long decoding.
   */
  prepare: {
    queue: 'preparations',
    ofRun: 'child',
    payload: z.strictObject({ runId }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 60 * MINUTE_MS,
    failureCode: 'decode_timeout',
    onFailure: 'fail_run',
  },
  /** Detects the language of a recording from its first windows, before all windows are transcribed. */
  'detect-language': {
    queue: 'windows',
    ofRun: 'child',
    payload: z.strictObject({
      runId,
      audioKey: z.string(),
      model: z.string(),
      windows: z.array(windowSchema).min(1).max(MAX_DETECTED_WINDOWS),
      /** Only these are considered; absent: all. */
      languages: z.array(language).min(1).optional(),
    }),
    version: 1,
    result: z.object({
      language,
      probability,
      runnerUp: likelyLanguageSchema.optional(),
      /** The likeliest languages of each window, with their probabilities; absent: an older build detected them. */
      each: z.array(z.record(z.string(), probability)).optional(),
    }),
    ...WORK_TRIES,
    timeoutMs: 15 * MINUTE_MS,
    failureCode: 'transcription_failed',
    onFailure: 'fail_run',
    mayBePoison: true,
  },
  /** Transcribes one window and stores its checkpoint. */
  window: {
    queue: 'windows',
    ofRun: 'child',
    payload: z.strictObject({
      runId,
      index: z.int().min(0),
      spans: z.array(spanSchema).min(1),
      /** Silenced; absent: nothing is. */
      muted: z.array(spanSchema).optional(),
      /** Where speech was detected between its first span and its last; absent: detection was off. */
      speech: z.array(spanSchema).optional(),
      /** Absent: `off`. */
      hallucinationFilter: z.enum(HALLUCINATION_FILTERS).optional(),
      /** Absent: its failure is that of the run. */
      onError: z.literal('gap').optional(),
      /** Its spans, where they are in different languages; absent: all are in that of the options. */
      parts: z
        .array(z.strictObject({ spans: z.array(spanSchema).min(1), language }))
        .min(2)
        .optional(),
      /** Its run names terms to expect, which are read there: they are many, and the same for each window. Absent: none. */
      hasKeyterms: z.literal(true).optional(),
      audioKey: z.string(),
      options: z.strictObject({
        language: language.nullable(),
        /** Only these are considered when it is detected; absent: all. */
        languages: z.array(language).min(1).optional(),
        task: z.enum(TASKS),
        ...windowOptions,
        /** Resolved: a name in the catalog of models. */
        model: z.string(),
      }),
    }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 15 * MINUTE_MS,
    failureCode: 'transcription_failed',
    onFailure: 'fail_run',
    mayBePoison: true,
  },
  /** Tells who speaks when in a decoded recording: beside its windows, or again, with other hints, when it has ended. */
  [SPEAKERS_EXTRA]: {
    queue: 'speakers',
    ofRun: 'child',
    payload: z.strictObject({ runId, audioKey: z.string(), hints: speakerHintsSchema }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 60 * MINUTE_MS,
    failureCode: 'transcription_failed',
    onFailure: { warn: 'speakers_failed' },
    mayBePoison: true,
  },
  ...SPEECH_JOBS,
  /** Calls a client's address: its job or batch has ended, or so much of a quota is used. */
  'deliver-webhook': {
    queue: 'webhooks',
    ofRun: null,
    payload: z.strictObject({
      /** The id of what it is about: a job, a batch or a quota event. */
      subject: z.string().min(1),
      /** The API key whose secret signs it; null: the service's secret does. */
      keyId: z.string().nullable(),
      /** 1 at the job's end; one more with each replay. */
      delivery: z.int().min(1),
      url: z.url(),
      /** Sent exactly as it was signed. */
      body: z.string(),
    }),
    version: 1,
    result: z.undefined(),
    attempts: 10,
    /** The producer takes the delay from the configuration; it doubles with each attempt. */
    backoff: { type: 'exponential', delay: 5 * SECOND_MS, jitter: 0.5 },
    timeoutMs: 60 * SECOND_MS,
    failureCode: 'internal_error',
    onFailure: 'fail_run',
  },
  /** Repairs runs whose job has vanished and removes leftovers; scheduled at an interval. */
  sweep: {
    queue: 'sweeps',
    ofRun: null,
    payload: z.strictObject({}),
    version: 1,
    result: z.undefined(),
    attempts: 1,
    backoff: { type: 'fixed', delay: 0, jitter: 0 },
    timeoutMs: 5 * MINUTE_MS,
    failureCode: 'internal_error',
    onFailure: 'fail_run',
  },
} as const satisfies Record<string, JobKindDefinition & { queue: QueueName }>;

/** What the kernel has to know about a kind of job. */
export interface JobKindDefinition {
  /** The role of its queue processes it. */
  queue: string;
  /** Whether it drives a run or is a child of the job that does; null: it belongs to no run. */
  ofRun: 'driver' | 'child' | null;
  /** Strict, so that a worker hands back a payload to which a newer build has added something. */
  payload: z.ZodType;
  /** Of the payload. A worker hands back a payload of a newer version. */
  version: number;
  result: z.ZodType;
  attempts: number;
  backoff: { type: 'exponential' | 'fixed'; delay: number; jitter: number };
  timeoutMs: number;
  /** The error when it takes too long, or too many of its workers die. */
  failureCode: ErrorCode;
  /** `warn` makes it an extra: its run continues without it, with a warning of this code. */
  onFailure: 'fail_run' | { warn: string };
  /** It runs code that an input may crash: see DEATHS_BEFORE_ALONE. */
  mayBePoison?: boolean;
}

export const SWEEP_INTERVAL_MS = 30 * SECOND_MS;

export type JobKind = keyof typeof JOB_CATALOG;
export type ChildKind = {
  [K in JobKind]: (typeof JOB_CATALOG)[K]['ofRun'] extends 'child' ? K : never;
}[JobKind];
export type JobPayload<K extends JobKind> = z.infer<(typeof JOB_CATALOG)[K]['payload']>;
/** undefined: this kind returns nothing; what it produces is stored elsewhere. */
export type JobResult<K extends JobKind> = z.infer<(typeof JOB_CATALOG)[K]['result']>;

export type WindowPayload = JobPayload<'window'>;
export type PiecePayload = JobPayload<'piece'>;
export type DetectLanguageResult = JobResult<'detect-language'>;
export type DeliverWebhookPayload = JobPayload<'deliver-webhook'>;

export const JOB_KINDS = Object.keys(JOB_CATALOG) as JobKind[];
