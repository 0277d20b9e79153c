import type { JobError } from '@sotto/contracts';
import type { JobKind } from '../catalog/jobs.ts';
import type { QueueName } from '../catalog/queues.ts';

interface AboutJob {
  kind: JobKind;
  jobId: string;
  /** null: a sweep. */
  runId: string | null;
  attempt: number;
}

/** What consumers tell their process, which makes log lines and metrics of it. */
export type ConsumerEvent =
  /** `waitedMs`: since it was added; only told the first time. */
  | ({ type: 'taken'; waitedMs: number | null } & AboutJob)
  | ({ type: 'finished'; tookMs: number } & AboutJob)
  /** It waits for its children now. */
  | ({ type: 'suspended'; tookMs: number } & AboutJob)
  /** Failed for good, and its run with it. `cause`: what was thrown. */
  | ({ type: 'failed'; tookMs: number; error: JobError; cause: unknown } & AboutJob)
  /** Failed, and will be tried again. */
  | ({ type: 'retried'; tookMs: number; error: JobError; cause: unknown } & AboutJob)
  /** Its run had ended: cancelled, or failed elsewhere. */
  | ({ type: 'dropped'; tookMs: number } & AboutJob)
  /** Given back because this process stops. */
  | ({ type: 'handed_over'; tookMs: number } & AboutJob)
  /** Another worker has it now; what this one does no longer counts. */
  | ({ type: 'lock_lost'; tookMs: number } & AboutJob)
  /** A worker died at it; it waits again. */
  | { type: 'stalled'; queue: QueueName; jobId: string }
  /** A run was cancelled or has failed, somewhere: told in every worker, whether it worked on it or not. */
  | { type: 'run_stopped'; runId: string }
  /** A webhook has come into the outbox. */
  | { type: 'webhook_due' }
  /** Redis or BullMQ complains; consumers go on by themselves. */
  | { type: 'error'; queue: QueueName | null; error: Error };
