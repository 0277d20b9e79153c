/**
 * `@sotto/contracts/wire`: what a client of the HTTP API sees, and nothing that Redis keeps. packages/client ships a
 * copy, so it must stay small: the modules of values below import zod as a namespace, which lets a bundler leave out
 * what is not used (of `import { z }` it keeps all, 240 kB of messages in 50 languages among them).
 */

export { AUDIT_ACTIONS, type AuditAction, type AuditEntry, type WireAuditPage, wireAuditPageSchema } from './audit.ts';
export * from './batches.ts';
export type { captionFields } from './caption-fields.ts';
export type { DictionaryRequest } from './dictionaries.ts';
export type { ItemDubRequest } from './dub-form.ts';
export type { Edit, EditOperation, EditRequest } from './edits.ts';
export * from './errors.ts';
export type { WireLiveMessage, WireLiveOpening } from './live-messages.ts';
export { type WireAdminModels, wireAdminModelsSchema } from './operations.ts';
export type { Granularity, HallucinationFilter, ResponseFormat, Task } from './options.ts';
export type { SpeakRequest } from './speak-form.ts';
export { speakerId } from './speakers.ts';
export type { SpeechFormat } from './speech-choices.ts';
export * from './status.ts';
export type { TranscribeForm } from './transcribe-form.ts';
export {
  type WireQuota,
  type WireQuotaEvent,
  type WireUsageDay,
  type WireUsageReport,
  wireUsageReportSchema,
} from './usage.ts';
export * from './webhooks.ts';
export * from './wire.ts';
export * from './wire-admin.ts';
export * from './wire-dictionaries.ts';
export * from './wire-edits.ts';
export {
  type KeyChanges,
  type KeyForm,
  type WireKey,
  type WireNewKey,
  wireKeyListSchema,
  wireKeySchema,
  wireNewKeySchema,
  wireWebhookSecretSchema,
} from './wire-keys.ts';
export * from './wire-languages.ts';
export * from './wire-library.ts';
export * from './wire-live.ts';
export {
  type WireModelOperation,
  type WireModelOperationList,
  wireModelOperationListSchema,
  wireModelOperationSchema,
} from './wire-model-operations.ts';
export * from './wire-sign-in.ts';
export * from './wire-speech.ts';
export * from './wire-transcript.ts';
export * from './wire-voice-usage.ts';
export * from './wire-voices.ts';
export { type WireWorker, type WireWorkerList, wireWorkerListSchema, wireWorkerSchema } from './wire-workers.ts';
export type { Casing, NumberStyle, ProfanityChoice, Replacement } from './wording.ts';
export type { wordingFields } from './wording-fields.ts';
