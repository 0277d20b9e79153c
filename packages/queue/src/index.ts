export { ApiKeys, type IssuedKey, type KeyTerms } from './access/api-keys.ts';
export { type AuditPage, AuditStream } from './access/audit-stream.ts';
export { type ClientSecret, ClientSecrets, isClientSecret, newClientSecret } from './access/client-secrets.ts';
export { hashOfSecret } from './access/key-secret.ts';
export { Dictionaries, NamedLists, Vocabularies } from './access/named-lists.ts';
export { type OwnVoice, OwnVoices, type VoiceConsent } from './access/own-voices.ts';
export { RateLimiter } from './access/rate-limiter.ts';
export { RemoteBudgets } from './access/remote-budgets.ts';
export { newSessionToken, type Session, type SessionHolder, type SessionLimits, Sessions } from './access/sessions.ts';
export { type QuotaEvent, type QuotaState, Usage, type UsageDay } from './access/usage.ts';
export { periodsAt } from './access/usage-period.ts';
export { type Identity, type SignInRole, type User, type UserChanges, Users } from './access/users.ts';
export type { VoiceDay, VoiceUse } from './access/voice-use.ts';
export { foldName, type NamedVoice, type Voice, Voices } from './access/voices.ts';
export { copyServer } from './backup/copy-server.ts';
export { KeyCopies, type KeyCopy } from './backup/key-copies.ts';
export {
  type Batch,
  type BatchItemView,
  type BatchView,
  batchCounts,
  batchItemStatus,
} from './batches/batch-records.ts';
export { BATCH_LEASE_MS, Batches } from './batches/batches.ts';
export { CATALOG, Catalog, type CatalogTables } from './catalog/catalog.ts';
export { COST_UNIT_NAMES, type CostUnit } from './catalog/costs.ts';
export {
  type DeliverWebhookPayload,
  type DetectLanguageResult,
  JOB_CATALOG,
  type JobKindDefinition,
  MAX_DETECTED_WINDOWS,
  type PiecePayload,
  type WindowPayload,
} from './catalog/jobs.ts';
export { QUEUE_NAMES, QUEUES, type QueueDefinition } from './catalog/queues.ts';
export { guessDurationMs } from './catalog/recording-cost.ts';
export { PREPARE_STEP, type ResultOf, RUN_CATALOG, type RunKindDefinition } from './catalog/runs.ts';
export { MAX_WORD_PIECES } from './catalog/speech-jobs.ts';
export { RunEvents } from './events/run-events.ts';
export { backlogSeconds } from './figures/fleet-speed.ts';
export { FigureReader, type ServiceFigures } from './figures/service-figures.ts';
export type { HeldBlobs } from './figures/sweep-log.ts';
export { acceptWork, takeBackRequest } from './jobs/accept.ts';
export { isSuspension } from './jobs/children.ts';
export type { ConsumerEvent } from './jobs/consumer-events.ts';
export { Consumers, type JobSurrounding, startConsumers } from './jobs/consumers.ts';
export { dashboardQueues } from './jobs/dashboard.ts';
export type { Fleet } from './jobs/fleet.ts';
export type { ChildJob, Handlers, JobContext } from './jobs/handlers.ts';
export { HEARTBEAT_INTERVAL_MS, Heartbeats } from './jobs/heartbeats.ts';
export { Interruption } from './jobs/interruption.ts';
export { ModelOperations } from './jobs/model-operations.ts';
export { ModelWishes, type WishedModels } from './jobs/model-wishes.ts';
export { type Origin, Origins } from './jobs/origins.ts';
export { Postponed } from './jobs/postponed.ts';
export { Producer, type QueueCounts } from './jobs/producer.ts';
export { SpeechOffers } from './jobs/speech-offers.ts';
export { WorkerDrains } from './jobs/worker-drains.ts';
export type { LiveInput } from './live/live-audio.ts';
export { LiveEvents } from './live/live-events.ts';
export type { LiveRecording } from './live/live-recording.ts';
export type { ClaimedSession, LiveSession, NewLiveSession } from './live/live-session.ts';
export { LIVE_LEASE_MS, LiveSessions } from './live/live-sessions.ts';
export type { LiveHold, LiveNews, LiveRefusal } from './live/live-telling.ts';
export { Backlog, type BacklogSize, secondsUntilDone } from './order/backlog.ts';
export { FairShares } from './order/fair-share.ts';
export { isSmall } from './order/lane.ts';
export { Outbox } from './outbox/outbox.ts';
export type { OutboxConsumer, OutboxEvent, WebhookEvent } from './outbox/outbox-event.ts';
export { OutboxReader } from './outbox/outbox-reader.ts';
export { type CallOutcome, Receivers } from './outbox/receivers.ts';
export { deliveryOf, webhookIdOf, webhookSubject } from './outbox/webhook-subject.ts';
export { type WebhookHistory, Webhooks } from './outbox/webhooks.ts';
export { type BatchManifest, batchManifestOf, manifestOf } from './recovery/manifest.ts';
export { type ManifestState, Recovery } from './recovery/recovery.ts';
export { connectRedis, disconnect } from './redis/connection.ts';
export { isRedisFault, queueUnavailable } from './redis/faults.ts';
export { QueueProbe, type QueueState } from './redis/queue-probe.ts';
export { RedisWatch } from './redis/redis-watch.ts';
export type { QueueSettings } from './redis/settings.ts';
export type { Attached, AttachInput, AttachInputOf, BacklogLimits, RequestView } from './runs/attachment.ts';
export { Extras } from './runs/extras.ts';
export { audioStaysUntilMs } from './runs/kept-audio.ts';
export { Matchings } from './runs/matchings.ts';
export type { Plan, SpokenSpan } from './runs/plan.ts';
export { newRun } from './runs/records.ts';
export { type Forgotten, Runs } from './runs/runs.ts';
export type { SpeechPlan } from './runs/speech-plan.ts';
export { SpokenText } from './runs/spoken-text.ts';
export { SpokenWords } from './runs/spoken-words.ts';
export { Windows } from './runs/windows.ts';
export { Sweeper } from './sweep/sweeper.ts';
export {
  type HeldLimits,
  type ResumableUpload,
  ResumableUploads,
  type UploadPart,
} from './uploads/resumable-uploads.ts';
