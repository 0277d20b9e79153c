import {
  type ErrorCode,
  type JobError,
  type JobRequest,
  type Run,
  SottoError,
  type Transcript,
} from '@sotto/contracts';
import type { Runs } from '@sotto/queue';

/** What a run can fail with; a synchronous request hears it as its own answer. */
export const RUN_ERRORS: ErrorCode[] = [
  'audio_too_short',
  'audio_too_long',
  'no_audio_stream',
  'undecodable_media',
  'decode_timeout',
  'transcription_failed',
  'model_load_failed',
  'blob_missing',
  'job_cancelled',
  'result_expired',
  'quota_exceeded',
];

/**
 * The transcript of an ended run.
 *
 * @throws SottoError what the run failed with, `job_cancelled`, `job_not_finished`, `result_expired`.
 */
export async function transcriptOf(run: Run, request: JobRequest, runs: Pick<Runs, 'transcript'>): Promise<Transcript> {
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
  const transcript = await runs.transcript(run.id);
  if (transcript === null) throw new SottoError('result_expired', 'Send the recording again.', { fields });
  return transcript;
}

function failureOf({ code, detail, retryAtMs }: JobError, fields: Record<string, unknown>): SottoError {
  if (retryAtMs === undefined) return new SottoError(code, detail, { fields });
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAtMs - Date.now()) / 1000));
  return new SottoError(code, detail, { fields, retryAfterSeconds });
}
