import type { Lane } from '@sotto/contracts';
import type { ChildKind, JobKind, JobPayload, JobResult } from '../catalog/jobs.ts';

/** One child of a step. Children of a step may be of several kinds. */
export type ChildJob<K extends ChildKind = ChildKind> = { [Kind in K]: { kind: Kind; payload: JobPayload<Kind> } }[K];

/** Result of a child; null: it is an extra, and failed. */
export type ChildOutcome<K extends ChildKind> = JobResult<K> | null;

export interface JobContext {
  jobId: string;
  /** From 1; hand-overs, stalls and waits for children do not count. */
  attempt: number;
  /** Whether throwing this would end the job: it would neither be tried again nor wait for what is away. */
  isFinal(error: unknown): boolean;
  /** Its workers have died so often, at last with nothing else to do, that it must be the cause: it must not be begun. */
  isPoison: boolean;
  /** Lane of its run when the job was taken; null: it has no run. */
  lane: Lane | null;
  /** Aborts with an Interruption. */
  signal: AbortSignal;
  /**
   * Runs child jobs and returns their results, in order. The first call adds them and suspends the handler by throwing;
   * when all are done, the handler runs again from its start, and the same call returns. So everything before this call
   * must be safe to repeat, what it throws must not be caught, and a step must have the same jobs every time.
   * The kind of a child decides what its failure means: most fail the run, and the handler does not run again; an extra
   * leaves a warning, and null as its result.
   */
  children<K extends ChildKind>(step: string, jobs: readonly ChildJob<K>[]): Promise<ChildOutcome<K>[]>;
}

/** The worker's handler of each kind of job. A kind without a handler does not compile. */
export type Handlers = {
  [K in JobKind]: (
    payload: JobPayload<K>,
    context: JobContext,
  ) => JobResult<K> extends undefined ? Promise<void> : Promise<JobResult<K>>;
};
