export type {
  AuditAction,
  AuditEntry,
  BatchCounts,
  BatchStatus,
  Edit,
  EditOperation,
  EditRequest,
  ErrorBody,
  ErrorCode,
  Granularity,
  HallucinationFilter,
  KeyChanges,
  KeyForm,
  Lane,
  OwnKeyForm,
  ProfileChanges,
  ResponseFormat,
  SottoErrorOptions,
  SpeechFormat,
  Stage,
  Status,
  Task,
  WebhookOutcome,
  WireAdminJob,
  WireAdminJobList,
  WireAdminModels,
  WireAdminWebhook,
  WireAdminWebhookList,
  WireAuditPage,
  WireBatch,
  WireBatchEvent,
  WireBatchWebhook,
  WireEditConflict,
  WireEditedSegment,
  WireEditedTranscript,
  WireEditsMade,
  WireEvent,
  WireFeedbackList,
  WireFolder,
  WireImport,
  WireItem,
  WireItemList,
  WireJournalEntry,
  WireKey,
  WireKeyQuotas,
  WireLink,
  WireModelOperation,
  WireNewKey,
  WireNewOwnKey,
  WireOverview,
  WireOwnKey,
  WireOwnKeyList,
  WireOwnVoice,
  WireProfile,
  WireQuota,
  WireQuotaEvent,
  WireSearch,
  WireSessionList,
  WireSessionState,
  WireSharedItem,
  WireSignOut,
  WireSpeech,
  WireSpokenVoice,
  WireSpokenVoiceList,
  WireSpokenWord,
  WireStatus,
  WireTranscript,
  WireUsageDay,
  WireUsageReport,
  WireUser,
  WireVerboseTranscript,
  WireVoice,
  WireVoiceAmounts,
  WireVoiceDay,
  WireVoiceList,
  WireVoiceUsage,
  WireWebhook,
  WireWebhookEvent,
  WireWorker,
} from '#wire';
export { AUDIT_ACTIONS, ERROR_CATALOG, SottoError } from '#wire';
export type { AdminJobsOptions, AuditOptions, UsageOptions } from './admin.ts';
export type { BatchOptions, WaitBatchOptions } from './batches.ts';
export type { ListOptions, ResultOptions, SearchOptions, SpeakerHints, UploadOptions } from './call-options.ts';
export type { CaptionShape } from './caption-shape.ts';
export * from './client.ts';
export type { PronunciationEntry } from './dictionaries.ts';
export { ConnectionError, UnexpectedAnswerError } from './errors.ts';
export type { FollowOptions, JobEvent } from './event-stream.ts';
export type { Call, HttpOptions } from './http.ts';
export type { ItemListOptions, ItemResultOptions, NewLink, TranscriptOptions } from './library.ts';
export type { LiveEvent, LiveOptions, LiveTranscription } from './live.ts';
export type { WebSocketClass, WebSocketLike } from './live-line.ts';
export type { ConsentGiver, MadeVoice, VoiceConsent } from './own-voices.ts';
export type { ResultOf } from './results.ts';
export type { DubItemOptions, DubOptions, Sound, SpeakOptions, SpeechInput } from './speech.ts';
export type { TranscribeOptions } from './transcribe-fields.ts';
export type { UploadProgress } from './upload-body.ts';
export type {
  KeptRecording,
  RecordingSource,
  SliceableSource,
  StoredUpload,
  StreamSource,
  UploadSource,
} from './upload-source.ts';
export type { ResumableOptions } from './uploads.ts';
export type { VoiceOwner } from './voices.ts';
export type { WordingShape } from './wording-shape.ts';
