import { asSottoError, type ErrorCode, type WaitCause } from '@sotto/contracts';

/** `wait`: something of the service is away, see jobs/outage.ts; no attempt counts. */
export type RetryDecision = 'retry' | 'wait' | 'fail' | 'cancel';

/** Exhaustive: a new error code does not compile before it is decided here. */
const DECISIONS = {
  job_cancelled: 'cancel',

  // Of the service, and over when its operator has seen to it.
  queue_unavailable: 'wait',
  queue_memory_full: 'wait',
  storage_unavailable: 'wait',
  disk_full: 'wait',
  model_loading: 'wait',

  // May be temporary.
  internal_error: 'retry',
  transcription_failed: 'retry',
  speech_failed: 'retry',
  model_load_failed: 'retry',
  speech_unavailable: 'retry',
  memory_pressure: 'retry',
  service_full: 'retry',
  upgrading: 'retry',
  shutting_down: 'retry',
  library_unavailable: 'retry',
  rate_limit_exceeded: 'retry',
  key_full: 'retry',
  too_many_streams: 'retry',
  live_full: 'retry',
  live_session_not_found: 'fail',
  live_session_taken: 'fail',
  live_session_over: 'fail',
  live_audio_missing: 'fail',
  streams_full: 'retry',

  // Wrong with the recording or the request, and stays wrong.
  invalid_request: 'fail',
  unknown_field: 'fail',
  file_missing: 'fail',
  too_many_files: 'fail',
  empty_file: 'fail',
  invalid_file_format: 'fail',
  unauthorized: 'fail',
  forbidden: 'fail',
  host_not_allowed: 'fail',
  origin_not_allowed: 'fail',
  csrf_token_wrong: 'fail',
  keys_full: 'fail',
  sign_in_off: 'fail',
  sign_in_refused: 'fail',
  sign_in_unavailable: 'retry',
  session_not_found: 'fail',
  not_found: 'fail',
  job_not_found: 'fail',
  key_not_found: 'fail',
  batch_not_found: 'fail',
  batch_too_large: 'fail',
  nothing_accepted: 'fail',
  method_not_allowed: 'fail',
  upload_timeout: 'fail',
  job_not_finished: 'fail',
  upload_not_found: 'fail',
  library_off: 'fail',
  item_not_found: 'fail',
  item_not_finished: 'fail',
  folder_not_found: 'fail',
  folder_exists: 'fail',
  link_not_found: 'fail',
  archive_not_usable: 'fail',
  dictionary_not_found: 'fail',
  dictionaries_full: 'fail',
  vocabulary_not_found: 'fail',
  vocabularies_full: 'fail',
  edit_conflict: 'fail',
  journal_full: 'fail',
  invalid_edit: 'fail',
  worker_not_found: 'fail',
  voice_not_found: 'fail',
  consent_not_found: 'fail',
  voice_not_ready: 'fail',
  voice_exists: 'fail',
  voices_full: 'fail',
  voices_off: 'fail',
  upload_conflict: 'fail',
  upload_not_finished: 'fail',
  upload_used: 'fail',
  tus_version: 'fail',
  no_webhook: 'fail',
  no_transcript: 'fail',
  audio_not_kept: 'fail',
  result_expired: 'fail',
  file_too_large: 'fail',
  unsupported_media_type: 'fail',
  range_not_satisfiable: 'fail',
  invalid_parameter: 'fail',
  model_not_available: 'fail',
  model_in_use: 'fail',
  language_not_supported: 'fail',
  url_not_fetched: 'fail',
  audio_too_short: 'fail',
  audio_too_long: 'fail',
  no_audio_stream: 'fail',
  sample_not_usable: 'fail',
  undecodable_media: 'fail',
  invalid_document: 'fail',
  text_too_long: 'fail',
  decode_timeout: 'fail',
  quota_exceeded: 'fail',
  invalid_configuration: 'fail',
  blob_missing: 'fail',
  still_running: 'fail',
  outage: 'fail',
} as const satisfies Record<ErrorCode, RetryDecision>;

/** What becomes of a job whose handler threw. */
export function retryDecision(error: unknown): RetryDecision {
  return DECISIONS[asSottoError(error).code];
}

type WaitingCode = { [C in ErrorCode]: (typeof DECISIONS)[C] extends 'wait' ? C : never }[ErrorCode];

const AWAY: Record<WaitingCode, WaitCause> = {
  queue_unavailable: 'redis',
  queue_memory_full: 'redis',
  storage_unavailable: 'storage',
  disk_full: 'disk',
  model_loading: 'model',
};

/** What is away where a job fails with that code; null: nothing is. */
export const awayFor = (code: ErrorCode): WaitCause | null => (code in AWAY ? AWAY[code as WaitingCode] : null);
