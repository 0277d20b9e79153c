import { z } from 'zod';

/** Of a job that belongs to a run. */
export const runId = z.uuid();

/** What fails three times, a few seconds apart, would fail again. */
export const WORK_TRIES = { attempts: 3, backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 } } as const;
