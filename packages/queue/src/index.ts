export { ApiKeys, type IssuedKey, type KeyTerms } from './access/api-keys.ts';
export { type AuditFilter, type AuditPage, AuditStream } from './access/audit-stream.ts';
export type { QuotaName } from './access/quota.ts';
export { type RateDecision, RateLimiter } from './access/rate-limiter.ts';
export { type QuotaEvent, type QuotaNotice, type QuotaState, Usage, type UsageDay } from './access/usage.ts';
export { periodsAt } from './access/usage-period.ts';
export {
  type Batch,
  type BatchItemView,
  type BatchView,
  batchCounts,
  batchItemStatus,
} from './batches/batch-records.ts';
export { BATCH_LEASE_MS, Batches } from './batches/batches.ts';
export { CATALOG, Catalog, type CatalogTables } from './catalog/catalog.ts';
export { COST_UNIT_NAMES, COST_UNITS, type CostUnit } from './catalog/costs.ts';
export {
  type ChildKind,
  type DeliverWebhookPayload,
  type DetectLanguagePayload,
  type DetectLanguageResult,
  JOB_CATALOG,
  JOB_KINDS,
  type JobKind,
  type JobKindDefinition,
  type JobPayload,
  type JobResult,
  type PreparePayload,
  SWEEP_INTERVAL_MS,
  type SweepPayload,
  type TranscribePayload,
  type WindowPayload,
} from './catalog/jobs.ts';
export { QUEUE_NAMES, QUEUES, type QueueDefinition, type QueueName } from './catalog/queues.ts';
export { guessDurationMs } from './catalog/recording-cost.ts';
export { type RetryDecision, retryDecision } from './catalog/retry.ts';
export { PREPARE_STEP, type ResultOf, RUN_CATALOG, type RunKindDefinition } from './catalog/runs.ts';
export { RunEvents } from './events/run-events.ts';
export { acceptWork, type RefusedWork, takeBackRequest } from './jobs/accept.ts';
export type { ConsumerEvent } from './jobs/consumer-events.ts';
export { Consumers, type ConsumersDeps, startConsumers } from './jobs/consumers.ts';
export { dashboardQueues } from './jobs/dashboard.ts';
export type { Fleet } from './jobs/fleet.ts';
export type { ChildJob, Handlers, JobContext } from './jobs/handlers.ts';
export { HEARTBEAT_INTERVAL_MS, Heartbeats } from './jobs/heartbeats.ts';
export { Interruption, type InterruptionCause } from './jobs/interruption.ts';
export { Producer, type QueueCount, type QueueCounts } from './jobs/producer.ts';
export { Backlog, type BacklogSize, secondsUntilDone } from './order/backlog.ts';
export { FairShares, type UnfinishedRun } from './order/fair-share.ts';
export { isSmall } from './order/lane.ts';
export { Outbox } from './outbox/outbox.ts';
export { OUTBOX_CONSUMERS, type OutboxConsumer, type OutboxEvent } from './outbox/outbox-event.ts';
export { deliveryOf, webhookIdOf, webhookSubject } from './outbox/webhook-subject.ts';
export { type WebhookHistory, Webhooks } from './outbox/webhooks.ts';
export { connectRedis, disconnect } from './redis/connection.ts';
export { UnreadableRecord } from './redis/readable.ts';
export { RedisWatch, type RedisWatchHandlers } from './redis/redis-watch.ts';
export { DEFAULT_PREFIX, type QueueSettings, type RecordKind } from './redis/settings.ts';
export type { Attached, AttachInput, BacklogLimits, RequestView } from './runs/attachment.ts';
export { Extras } from './runs/extras.ts';
export { type Plan, planSchema } from './runs/plan.ts';
export { newRun } from './runs/records.ts';
export type { RequestFilter, RequestPage } from './runs/request-list.ts';
export { decodeResult } from './runs/results.ts';
export { type Forgotten, Runs } from './runs/runs.ts';
export { Windows } from './runs/windows.ts';
export { Sweeper, type SweepReport } from './sweep/sweeper.ts';
export { type ResumableUpload, ResumableUploads, type UploadPart } from './uploads/resumable-uploads.ts';
