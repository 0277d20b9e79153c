import { commonRunFields } from '@sotto/contracts';
import {
  Catalog,
  type CatalogTables,
  JOB_CATALOG,
  type JobKindDefinition,
  QUEUES,
  type QueueDefinition,
  RUN_CATALOG,
  type RunKindDefinition,
} from '@sotto/queue';
import { z } from 'zod';

/**
 * A kind of run that no service has: a text is copied, so often, into a blob; beside it one extra counts its letters and
 * another fails at first. The kernel has not a line for it.
 */
const options = z.object({ times: z.int().min(1), faultyTimes: z.int().min(0) });

const recordSchema = z.object({
  kind: z.literal('trial'),
  ...commonRunFields,
  text: z.string(),
  options,
  characters: z.int().nullable(),
});
export type TrialRun = z.infer<typeof recordSchema>;

const runId = z.uuid();
const tries = { attempts: 2, backoff: { type: 'fixed', delay: 20, jitter: 0 } } as const;

const jobs = {
  trial: {
    queue: 'trials',
    ofRun: 'driver',
    payload: z.strictObject({ runId }),
    version: 1,
    result: z.undefined(),
    ...tries,
    timeoutMs: 60_000,
    failureCode: 'internal_error',
    onFailure: 'fail_run',
  },
  'trial-count': {
    queue: 'trial-extras',
    ofRun: 'child',
    payload: z.strictObject({ runId }),
    version: 1,
    result: z.undefined(),
    ...tries,
    timeoutMs: 60_000,
    failureCode: 'internal_error',
    onFailure: { warn: 'count_failed' },
  },
  'trial-faulty': {
    queue: 'trial-extras',
    ofRun: 'child',
    payload: z.strictObject({ runId, fail: z.boolean() }),
    version: 1,
    result: z.undefined(),
    ...tries,
    timeoutMs: 60_000,
    failureCode: 'internal_error',
    onFailure: { warn: 'faulty_failed' },
  },
} as const satisfies Record<string, JobKindDefinition>;

const queues = {
  trials: { role: 'prepare' },
  'trial-extras': { role: 'transcribe' },
} as const satisfies Record<string, QueueDefinition>;

const trial: RunKindDefinition = {
  driver: 'trial',
  record: recordSchema,
  input: { field: 'text', schema: z.string() },
  options,
  numbers: { characters: null },
  result: z.string(),
  stages: [
    { name: 'queued', fromPercent: 0 },
    { name: 'reading', fromPercent: 10 },
    { name: 'copying', fromPercent: 40 },
  ],
  unit: 'characters',
  guessCost: (text) => String(text).length,
  lane: { interactiveUpTo: 10, smallUpTo: 0 },
  firstSteps: [],
  retentionMs: 3_000,
  extras: ['trial-count', 'trial-faulty'],
  leastWorker: () => 2,
};

const tables: CatalogTables = {
  queues: { ...QUEUES, ...queues },
  jobs: { ...JOB_CATALOG, ...jobs },
  runs: { ...RUN_CATALOG, trial },
};

export const TRIAL_CATALOG = new Catalog(tables);
