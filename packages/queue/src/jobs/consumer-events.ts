import type { JobError, WaitCause } from '@sotto/contracts';

interface AboutJob {
  /** Kind of job. */
  kind: string;
  jobId: string;
  /** null: it belongs to no run. */
  runId: string | null;
  attempt: number;
}

/** What happens in consumers; their process turns it into log lines and metrics. */
export type ConsumerEvent =
  /** `waitedMs`: since it was added; null when it is taken again. */
  | ({ type: 'taken'; waitedMs: number | null } & AboutJob)
  | ({ type: 'finished'; tookMs: number } & AboutJob)
  /** Now it waits for its children. */
  | ({ type: 'suspended'; tookMs: number } & AboutJob)
  /** Failed for good, and its run with it, unless it is an extra. `cause`: what was thrown. */
  | ({ type: 'failed'; tookMs: number; error: JobError; cause: unknown } & AboutJob)
  /** Failed, and will be tried again. */
  | ({ type: 'retried'; tookMs: number; error: JobError; cause: unknown } & AboutJob)
  /** Its turn has not come: it waits again, and no attempt is counted. */
  | ({ type: 'postponed'; tookMs: number } & AboutJob)
  /** Something is away: it is tried again after `delayMs`, and this attempt does not count. `sinceMs`: when its run began to wait. */
  | ({
      type: 'waiting';
      tookMs: number;
      for: WaitCause;
      sinceMs: number;
      delayMs: number;
      cause: unknown;
    } & AboutJob)
  /** Its run has ended: cancelled, or failed elsewhere. */
  | ({ type: 'dropped'; tookMs: number } & AboutJob)
  /** Returned to the queue because this process is stopping. */
  | ({ type: 'handed_over'; tookMs: number } & AboutJob)
  /** Another worker has it now; the result of this one does not count any more. */
  | ({ type: 'lock_lost'; tookMs: number } & AboutJob)
  /** Only a newer build knows it: returned to the queue unchanged. */
  | { type: 'handed_back'; queue: string; jobId: string; reason: string }
  /** Its worker died; it waits again. */
  | { type: 'stalled'; queue: string; jobId: string }
  /** A run was cancelled or has failed somewhere. Every worker gets this, whether it had jobs of the run or not. */
  | { type: 'run_stopped'; runId: string }
  /** There is something new in the outbox. */
  | { type: 'outbox_filled' }
  /** An error of Redis or BullMQ; consumers continue by themselves. */
  | { type: 'error'; queue: string | null; error: Error };
