import type { Job } from 'bullmq';
import type { JobKindDefinition } from '../catalog/jobs.ts';
import { Interruption, type InterruptionCause } from './interruption.ts';

/** One job while this worker is at it. */
export interface Attempt {
  kind: string;
  definition: JobKindDefinition;
  job: Job;
  token: string;
  /** null: it belongs to no run. */
  runId: string | null;
  /** From 1; hand-overs, stalls and waits for children do not count. */
  number: number;
  isPoison: boolean;
  signal: AbortSignal;
  startedMs: number;
  /** When the job was taken, its run waited for something that was away. */
  runWaits: boolean;
}

/** Whether the error of this try is that of the job, even if it may be temporary. */
export const isLastTry = ({ isPoison, number, job }: Attempt): boolean =>
  isPoison || number >= (job.opts.attempts ?? 1);

export const tookMs = (attempt: Attempt): number => performance.now() - attempt.startedMs;

/**
 * Whatever an interrupted handler throws; an error thrown just before the interruption counts as the interruption too.
 */
export function interruptionOf(attempt: Attempt, error: unknown): InterruptionCause | null {
  if (error instanceof Interruption) return error.why;
  const reason: unknown = attempt.signal.reason;
  return attempt.signal.aborted && reason instanceof Interruption ? reason.why : null;
}
