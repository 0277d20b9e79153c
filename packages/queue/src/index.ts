export { acceptWork, type RefusedWork } from './accept.ts';
export { ApiKeys, type IssuedKey, type KeyTerms } from './api-keys.ts';
export type { Attached, AttachInput, BacklogLimits, RequestView } from './attachment.ts';
export { type AuditFilter, type AuditPage, AuditStream } from './audit-stream.ts';
export { Backlog, type BacklogSize, guessDurationMs, isSmall, secondsUntilDone } from './backlog.ts';
export {
  type Batch,
  type BatchItemView,
  type BatchView,
  batchCounts,
  batchItemStatus,
} from './batch-records.ts';
export { takeBackRequest } from './batch-sweep.ts';
export { BATCH_LEASE_MS, Batches } from './batches.ts';
export {
  type ChildKind,
  type DeliverWebhookPayload,
  type DetectLanguagePayload,
  type DetectLanguageResult,
  JOB_CATALOG,
  JOB_KINDS,
  type JobKind,
  type JobPayload,
  type JobResult,
  type PreparePayload,
  SWEEP_INTERVAL_MS,
  type SweepPayload,
  type TranscribePayload,
  type WindowPayload,
} from './catalog.ts';
export { connectRedis, disconnect } from './connection.ts';
export type { ConsumerEvent } from './consumer-events.ts';
export { Consumers, type ConsumersDeps, startConsumers } from './consumers.ts';
export { dashboardQueues } from './dashboard.ts';
export { FairShares, type UnfinishedRun } from './fair-share.ts';
export type { ChildJob, Handlers, JobContext } from './handlers.ts';
export { HEARTBEAT_INTERVAL_MS, Heartbeats, type SeenModel } from './heartbeats.ts';
export { Interruption, type InterruptionCause } from './interruption.ts';
export { PREPARE_STEP, type QueueName } from './keys.ts';
export { type Plan, planSchema } from './plan.ts';
export { Producer, type QueueCount, type QueueCounts } from './producer.ts';
export type { QuotaName } from './quota.ts';
export { type RateDecision, RateLimiter } from './rate-limiter.ts';
export { type RedisNews, RedisWatch } from './redis-watch.ts';
export type { RequestFilter, RequestPage } from './request-list.ts';
export { type ResumableUpload, ResumableUploads, type UploadPart } from './resumable-uploads.ts';
export { type RetryDecision, retryDecision } from './retry.ts';
export { RunEvents } from './run-events.ts';
export { Runs } from './runs.ts';
export { DEFAULT_PREFIX, type QueueSettings } from './settings.ts';
export { Sweeper, type SweepReport } from './sweeper.ts';
export { type QuotaEvent, type QuotaState, Usage, type UsageDay } from './usage.ts';
export { periodsAt } from './usage-period.ts';
export { webhookIdOf } from './webhook-subject.ts';
export { type DueWebhook, type WebhookHistory, Webhooks } from './webhooks.ts';
