import {
  type ErrorCode,
  HALLUCINATION_FILTERS,
  LANGUAGE_CODES,
  type LanguageCode,
  runOptionsSchema,
  spanSchema,
  TASKS,
  windowSchema,
} from '@sotto/contracts';
import { z } from 'zod';
import type { QueueName } from './queues.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

const runId = z.uuid();
/** Options of a run that are those of each of its windows. */
const { temperature, beamSize, bestOf, patience, lengthPenalty, suppressTokens, prompt } = runOptionsSchema.shape;
const windowOptions = { temperature, beamSize, bestOf, patience, lengthPenalty, suppressTokens, prompt };
const language = z.enum(LANGUAGE_CODES as [LanguageCode, ...LanguageCode[]]);

/** A killed worker's job is with another worker after some 13 s (two checks after its lock ran out). */
export const LOCK_DURATION_MS = 10 * SECOND_MS;
export const STALLED_INTERVAL_MS = 5 * SECOND_MS;
/** A job may lose this many workers; it is a limit of its own, beside `attempts`. */
export const MAX_STALLED_COUNT = 5;

/** BullMQ's own records; results live elsewhere. Lazy and queue-wide, so generous. */
export const RETENTION = {
  removeOnComplete: { age: 3600, count: 1000 },
  removeOnFail: { age: 24 * 3600, count: 5000 },
};

/** What fails three times in a row, a few seconds apart, would fail again. */
const WORK_TRIES = { attempts: 3, backoff: { type: 'exponential', delay: 1 * SECOND_MS, jitter: 0.5 } } as const;

/**
 * Every kind of job: its queue, what goes in, what comes out, how often and how fast it is tried again, and how long
 * one try may take. Producers and handlers infer their types from it; payloads are parsed at both doors.
 */
export const JOB_CATALOG = {
  /**
   * Drives a run: has it prepared, fans out, and assembles when the windows are back. Small recordings it prepares by
   * itself; none of it takes long.
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
  /** Drives a run of kind `language`: prepares a stretch of the recording and has the engine listen to it. */
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
  /** Decodes and plans a recording that is not small. In a queue of its own: nobody else waits for a long decoding. */
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
  /** Asks the first windows for the language of a recording, before all of them are transcribed in it. */
  'detect-language': {
    queue: 'windows',
    ofRun: 'child',
    payload: z.strictObject({
      runId,
      audioKey: z.string(),
      model: z.string(),
      windows: z.array(windowSchema).min(1).max(3),
    }),
    version: 1,
    result: z.object({ language, probability: z.number().min(0).max(1) }),
    ...WORK_TRIES,
    timeoutMs: 15 * MINUTE_MS,
    failureCode: 'transcription_failed',
    onFailure: 'fail_run',
  },
  /** Transcribes one window and stores its checkpoint. */
  window: {
    queue: 'windows',
    ofRun: 'child',
    payload: z.strictObject({
      runId,
      index: z.int().min(0),
      spans: z.array(spanSchema).min(1),
      /** Where speech was heard in the stretch from its first span to its last; absent: nothing looked for it. */
      speech: z.array(spanSchema).optional(),
      /** Absent: `off`. */
      hallucinationFilter: z.enum(HALLUCINATION_FILTERS).optional(),
      audioKey: z.string(),
      options: z.strictObject({
        language: language.nullable(),
        task: z.enum(TASKS),
        ...windowOptions,
        /** Resolved: a name the catalog of models knows. */
        model: z.string(),
      }),
    }),
    version: 1,
    result: z.undefined(),
    ...WORK_TRIES,
    timeoutMs: 15 * MINUTE_MS,
    failureCode: 'transcription_failed',
    onFailure: 'fail_run',
  },
  /** Tells a client's address that its job has ended, or how its quota stands. */
  'deliver-webhook': {
    queue: 'webhooks',
    ofRun: null,
    payload: z.strictObject({
      /** What it is about, once: a request's id, or of a quota's event. */
      subject: z.string().min(1),
      /** Whose secret signs it; null: the service's. */
      keyId: z.string().nullable(),
      /** 1: at the job's end; each replay is one more. */
      delivery: z.int().min(1),
      url: z.url(),
      /** Signed as it is, so it stays as it is. */
      body: z.string(),
    }),
    version: 1,
    result: z.undefined(),
    attempts: 10,
    /** Producers take the delay from the configuration; it doubles with each try. */
    backoff: { type: 'exponential', delay: 5 * SECOND_MS, jitter: 0.5 },
    timeoutMs: 60 * SECOND_MS,
    failureCode: 'internal_error',
    onFailure: 'fail_run',
  },
  /** Mends runs whose job vanished and removes leftovers. Comes round by itself. */
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

/** What the kernel must know of a kind of job. */
export interface JobKindDefinition {
  /** Its queue says which role works on it. */
  queue: string;
  /** Whether it drives a run or is a child of the job that does; null: it belongs to no run. */
  ofRun: 'driver' | 'child' | null;
  /** Strict: what a newer build has added is no concern of a worker that does not know it. */
  payload: z.ZodType;
  /** Of the payload. A worker hands a newer one back. */
  version: number;
  result: z.ZodType;
  attempts: number;
  backoff: { type: 'exponential' | 'fixed'; delay: number; jitter: number };
  timeoutMs: number;
  /** What it fails with when it takes too long, or its workers die. */
  failureCode: ErrorCode;
  /** `warn`: an extra. Its run goes on without it, with a warning of this code. */
  onFailure: 'fail_run' | { warn: string };
}

export const SWEEP_INTERVAL_MS = 30 * SECOND_MS;

export type JobKind = keyof typeof JOB_CATALOG;
export type ChildKind = {
  [K in JobKind]: (typeof JOB_CATALOG)[K]['ofRun'] extends 'child' ? K : never;
}[JobKind];
export type JobPayload<K extends JobKind> = z.infer<(typeof JOB_CATALOG)[K]['payload']>;
/** undefined: this kind has no result, what it makes is stored elsewhere. */
export type JobResult<K extends JobKind> = z.infer<(typeof JOB_CATALOG)[K]['result']>;

export type TranscribePayload = JobPayload<'transcribe'>;
export type PreparePayload = JobPayload<'prepare'>;
export type WindowPayload = JobPayload<'window'>;
export type DetectLanguagePayload = JobPayload<'detect-language'>;
export type DetectLanguageResult = JobResult<'detect-language'>;
export type DeliverWebhookPayload = JobPayload<'deliver-webhook'>;
export type SweepPayload = JobPayload<'sweep'>;

export const JOB_KINDS = Object.keys(JOB_CATALOG) as JobKind[];
