export type {
  BatchCounts,
  BatchStatus,
  ErrorBody,
  ErrorCode,
  Granularity,
  HallucinationFilter,
  Lane,
  OwnKeyForm,
  ProfileChanges,
  ResponseFormat,
  SottoErrorOptions,
  Stage,
  Status,
  Task,
  WebhookOutcome,
  WireBatch,
  WireBatchEvent,
  WireBatchWebhook,
  WireEvent,
  WireFolder,
  WireItem,
  WireItemList,
  WireLink,
  WireNewOwnKey,
  WireOwnKey,
  WireOwnKeyList,
  WireProfile,
  WireQuotaEvent,
  WireSearch,
  WireSessionList,
  WireSessionState,
  WireSharedItem,
  WireSignOut,
  WireStatus,
  WireTranscript,
  WireUser,
  WireVerboseTranscript,
  WireVoice,
  WireVoiceList,
  WireWebhook,
  WireWebhookEvent,
} from '#wire';
export { ERROR_CATALOG, SottoError } from '#wire';
export type { BatchOptions, WaitBatchOptions } from './batches.ts';
export type { ResultOptions, UploadOptions } from './call-options.ts';
export type { CaptionShape } from './caption-shape.ts';
export * from './client.ts';
export { ConnectionError, UnexpectedAnswerError } from './errors.ts';
export type { FollowOptions, JobEvent } from './event-stream.ts';
export type { Call, HttpOptions } from './http.ts';
export type { ItemListOptions, NewLink } from './library.ts';
export type { ResultOf } from './results.ts';
export type { TranscribeOptions } from './transcribe-fields.ts';
export type { UploadProgress } from './upload-body.ts';
export type { RecordingSource, SliceableSource, StoredUpload, StreamSource, UploadSource } from './upload-source.ts';
export type { ResumableOptions } from './uploads.ts';
export type { VoiceOwner } from './voices.ts';
export type { WordingShape } from './wording-shape.ts';
