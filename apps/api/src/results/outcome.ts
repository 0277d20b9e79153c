import { type ErrorCode, type JobError, type JobRequest, type Run, SottoError } from '@sotto/contracts';

/** Why a run of any kind may have no result to give; a synchronous request gets it as its own response. */
const ANY_RUN_ERRORS: ErrorCode[] = [
  'blob_missing',
  'outage',
  'job_cancelled',
  'result_expired',
  'quota_exceeded',
  'service_full',
];

/** The same of a recording. */
export const RUN_ERRORS: ErrorCode[] = [
  'audio_too_short',
  'audio_too_long',
  'no_audio_stream',
  'undecodable_media',
  'decode_timeout',
  'transcription_failed',
  'model_load_failed',
  ...ANY_RUN_ERRORS,
];

/** The same of a text. */
export const SPEECH_RUN_ERRORS: ErrorCode[] = [
  'speech_failed',
  'model_not_available',
  'invalid_document',
  'text_too_long',
  ...ANY_RUN_ERRORS,
];

/** @throws SottoError of a run that has made nothing: `job_not_finished`, `job_cancelled`, what it failed with. */
export function mustHaveCompleted(run: Run, request: JobRequest): void {
  const fields = { job_id: request.id };
  if (run.status === 'processing') {
    throw new SottoError('job_not_finished', `The job is at ${Math.floor(run.progress)} %.`, {
      fields,
      retryAfterSeconds: 1,
    });
  }
  if (run.status === 'cancelled')
    throw new SottoError('job_cancelled', 'The job was cancelled before it finished.', { fields });
  if (run.error !== null) throw failureOf(run.error, fields);
}

export function expired(request: JobRequest): SottoError {
  return new SottoError('result_expired', 'Send the recording again.', { fields: { job_id: request.id } });
}

function failureOf({ code, detail, retryAtMs }: JobError, fields: Record<string, unknown>): SottoError {
  if (retryAtMs === undefined) return new SottoError(code, detail, { fields });
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAtMs - Date.now()) / 1000));
  return new SottoError(code, detail, { fields, retryAfterSeconds });
}
