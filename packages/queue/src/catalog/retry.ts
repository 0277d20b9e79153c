import { asSottoError, type ErrorCode } from '@sotto/contracts';

export type RetryDecision = 'retry' | 'fail' | 'cancel';

/**
 * What becomes of a job whose handler threw. What may be temporary is tried again; what is wrong with the recording or
 * the request stays wrong; a cancelled job ends as cancelled.
 */
export function retryDecision(error: unknown): RetryDecision {
  return decisionOf(asSottoError(error).code);
}

/** Exhaustive: a new error code does not compile before it is decided here. */
function decisionOf(code: ErrorCode): RetryDecision {
  switch (code) {
    case 'job_cancelled':
      return 'cancel';
    case 'internal_error':
    case 'transcription_failed':
    case 'model_load_failed':
    case 'model_loading':
    case 'queue_unavailable':
    case 'storage_unavailable':
    case 'memory_pressure':
    case 'disk_full':
    case 'service_full':
    case 'upgrading':
    case 'shutting_down':
    case 'rate_limit_exceeded':
    case 'key_full':
      return 'retry';
    case 'invalid_request':
    case 'unknown_field':
    case 'file_missing':
    case 'too_many_files':
    case 'empty_file':
    case 'invalid_file_format':
    case 'unauthorized':
    case 'forbidden':
    case 'not_found':
    case 'job_not_found':
    case 'key_not_found':
    case 'batch_not_found':
    case 'batch_too_large':
    case 'nothing_accepted':
    case 'method_not_allowed':
    case 'upload_timeout':
    case 'job_not_finished':
    case 'upload_not_found':
    case 'upload_conflict':
    case 'upload_not_finished':
    case 'upload_used':
    case 'tus_version':
    case 'no_webhook':
    case 'no_transcript':
    case 'result_expired':
    case 'file_too_large':
    case 'unsupported_media_type':
    case 'invalid_parameter':
    case 'model_not_available':
    case 'language_not_supported':
    case 'url_not_fetched':
    case 'audio_too_short':
    case 'audio_too_long':
    case 'no_audio_stream':
    case 'undecodable_media':
    case 'decode_timeout':
    case 'quota_exceeded':
    case 'blob_missing':
    case 'still_running':
      return 'fail';
  }
}
