import type { JobError } from '@sotto/contracts';

interface AboutJob {
  /** Of job. */
  kind: string;
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
  /** Failed for good, and (but for an extra) its run with it. `cause`: what was thrown. */
  | ({ type: 'failed'; tookMs: number; error: JobError; cause: unknown } & AboutJob)
  /** Failed, and will be tried again. */
  | ({ type: 'retried'; tookMs: number; error: JobError; cause: unknown } & AboutJob)
  /** Its run had ended: cancelled, or failed elsewhere. */
  | ({ type: 'dropped'; tookMs: number } & AboutJob)
  /** Given back because this process stops. */
  | ({ type: 'handed_over'; tookMs: number } & AboutJob)
  /** Another worker has it now; what this one does no longer counts. */
  | ({ type: 'lock_lost'; tookMs: number } & AboutJob)
  /** It is a newer build's: given back, untouched. */
  | { type: 'handed_back'; queue: string; jobId: string; reason: string }
  /** A worker died at it; it waits again. */
  | { type: 'stalled'; queue: string; jobId: string }
  /** A run was cancelled or has failed, somewhere: told in every worker, whether it worked on it or not. */
  | { type: 'run_stopped'; runId: string }
  /** Something has come into the outbox. */
  | { type: 'outbox_filled' }
  /** Redis or BullMQ complains; consumers go on by themselves. */
  | { type: 'error'; queue: string | null; error: Error };
