import type { Lane } from '@sotto/contracts';
import type { ChildKind, JobKind, JobPayload, JobResult } from '../catalog/jobs.ts';

/** One child of a step. Children of a step may be of several kinds. */
export type ChildJob<K extends ChildKind = ChildKind> = { [Kind in K]: { kind: Kind; payload: JobPayload<Kind> } }[K];

/** What a child came to; null: it is an extra, and failed. */
export type ChildOutcome<K extends ChildKind> = JobResult<K> | null;

export interface JobContext {
  jobId: string;
  /** From 1. Hand-overs, stalls and waits for children do not count. */
  attempt: number;
  /** Of its run when the job was taken; null: it has none. */
  lane: Lane | null;
  /** Aborts with an Interruption. */
  signal: AbortSignal;
  /**
   * Runs child jobs and gives what they came to, in order. The first call adds them and suspends the handler by throwing;
   * when all are done the handler runs again from its top, and the same call returns. So what comes before must be
   * harmless to repeat, nothing may catch what this throws, and a step's jobs must be the same every time.
   * What a child's failure means is its kind's: of most it fails the run, and the handler does not run again; an extra
   * leaves a warning, and null in its place.
   */
  children<K extends ChildKind>(step: string, jobs: readonly ChildJob<K>[]): Promise<ChildOutcome<K>[]>;
}

/** What the worker app does for each kind of job. A kind without a handler does not compile. */
export type Handlers = {
  [K in JobKind]: (
    payload: JobPayload<K>,
    context: JobContext,
  ) => JobResult<K> extends undefined ? Promise<void> : Promise<JobResult<K>>;
};
