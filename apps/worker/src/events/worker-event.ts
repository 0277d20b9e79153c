import type { Container, WebhookAttempt } from '@sotto/contracts';
import type { ConsumerEvent, QuotaEvent } from '@sotto/queue';

/** What happens in a worker; metrics.ts counts it and event-log.ts logs it. */
export type WorkerEvent =
  | { type: 'job'; event: ConsumerEvent }
  | { type: 'prepared'; container: Container; audioMs: number; speechMs: number; windows: number; tookMs: number }
  | { type: 'window'; model: string; language: string; audioMs: number; engineMs: number; tookMs: number }
  /** A window that another worker, or an earlier attempt, had already done. */
  | { type: 'window_found'; model: string }
  /** Speech that a window's text had skipped was transcribed alone; `isSure`: the text was used. */
  | { type: 'retranscribed'; model: string; index: number; audioMs: number; isSure: boolean }
  | { type: 'transcribed'; model: string; language: string | null; audioMs: number; processingMs: number }
  | { type: 'model_loaded'; model: string; device: string; tookMs: number }
  | { type: 'model_unloaded'; model: string }
  | ({ type: 'webhook'; subject: string } & WebhookAttempt)
  | ({ type: 'quota' } & QuotaEvent)
  | { type: 'swept'; blobs: number; temporary: number; resubmitted: number; failed: number; cancelled: number };

export type OnWorkerEvent = (event: WorkerEvent) => void;
