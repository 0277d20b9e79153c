import { asSottoError, type ErrorCode } from '@sotto/contracts';

export type RetryDecision = 'retry' | 'fail' | 'cancel';

/** Exhaustive: a new error code does not compile before it is decided here. */
const DECISIONS = {
  job_cancelled: 'cancel',

  // May be temporary.
  internal_error: 'retry',
  transcription_failed: 'retry',
  model_load_failed: 'retry',
  model_loading: 'retry',
  queue_unavailable: 'retry',
  queue_memory_full: 'retry',
  storage_unavailable: 'retry',
  memory_pressure: 'retry',
  disk_full: 'retry',
  service_full: 'retry',
  upgrading: 'retry',
  shutting_down: 'retry',
  rate_limit_exceeded: 'retry',
  key_full: 'retry',

  // Wrong with the recording or the request, and stays wrong.
  invalid_request: 'fail',
  unknown_field: 'fail',
  file_missing: 'fail',
  too_many_files: 'fail',
  empty_file: 'fail',
  invalid_file_format: 'fail',
  unauthorized: 'fail',
  forbidden: 'fail',
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
  upload_conflict: 'fail',
  upload_not_finished: 'fail',
  upload_used: 'fail',
  tus_version: 'fail',
  no_webhook: 'fail',
  no_transcript: 'fail',
  result_expired: 'fail',
  file_too_large: 'fail',
  unsupported_media_type: 'fail',
  range_not_satisfiable: 'fail',
  invalid_parameter: 'fail',
  model_not_available: 'fail',
  language_not_supported: 'fail',
  url_not_fetched: 'fail',
  audio_too_short: 'fail',
  audio_too_long: 'fail',
  no_audio_stream: 'fail',
  undecodable_media: 'fail',
  decode_timeout: 'fail',
  quota_exceeded: 'fail',
  invalid_configuration: 'fail',
  blob_missing: 'fail',
  still_running: 'fail',
} as const satisfies Record<ErrorCode, RetryDecision>;

/** What becomes of a job whose handler threw. */
export function retryDecision(error: unknown): RetryDecision {
  return DECISIONS[asSottoError(error).code];
}
