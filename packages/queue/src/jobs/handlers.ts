import type { Lane } from '@sotto/contracts';
import type { ChildKind, JobKind, JobPayload, JobResult } from '../catalog/jobs.ts';

export interface ChildJob<K extends ChildKind = ChildKind> {
  kind: K;
  payload: JobPayload<K>;
}

export interface JobContext {
  jobId: string;
  /** From 1. Hand-overs, stalls and waits for children do not count. */
  attempt: number;
  /** Of its run when the job was taken; null: it has none. */
  lane: Lane | null;
  /** Aborts with an Interruption. */
  signal: AbortSignal;
  /**
   * Runs child jobs and gives their results, in order. The first call adds them and suspends the handler by throwing;
   * when all are done the handler runs again from its top, and the same call returns. So what comes before must be
   * harmless to repeat, nothing may catch what this throws, and a step's jobs must be the same every time.
   * One child that fails for good fails the run with its error; the handler does not run again then.
   */
  children<K extends ChildKind>(step: string, jobs: readonly ChildJob<K>[]): Promise<JobResult<K>[]>;
}

/** What the worker app does for each kind of job. A kind without a handler does not compile. */
export type Handlers = {
  [K in JobKind]: (
    payload: JobPayload<K>,
    context: JobContext,
  ) => JobResult<K> extends undefined ? Promise<void> : Promise<JobResult<K>>;
};
