import {
  type ErrorCode,
  type JobError,
  type JobRequest,
  type Run,
  type RunKind,
  type RunOf,
  SottoError,
  type Transcript,
} from '@sotto/contracts';
import type { ResultOf, Runs } from '@sotto/queue';

/** What a run can fail with; a synchronous request gets it as its own response. */
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
 * What an ended run made.
 *
 * @throws SottoError what the run failed with, `job_cancelled`, `job_not_finished`, `result_expired`.
 */
export async function resultOf<K extends RunKind>(
  run: RunOf<K>,
  request: JobRequest,
  runs: Pick<Runs, 'result'>,
): Promise<ResultOf<K>> {
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
  const result = await runs.result<ResultOf<K>>(run);
  if (result === null) throw new SottoError('result_expired', 'Send the recording again.', { fields });
  return result;
}

/**
 * The transcript of an ended run.
 *
 * @throws SottoError what resultOf throws; `no_transcript` of a run of another kind.
 */
export async function transcriptOf(run: Run, request: JobRequest, runs: Pick<Runs, 'result'>): Promise<Transcript> {
  if (run.kind === 'transcription') return resultOf(run, request, runs);
  throw new SottoError('no_transcript', 'This job only detected the language of the recording.');
}

function failureOf({ code, detail, retryAtMs }: JobError, fields: Record<string, unknown>): SottoError {
  if (retryAtMs === undefined) return new SottoError(code, detail, { fields });
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAtMs - Date.now()) / 1000));
  return new SottoError(code, detail, { fields, retryAfterSeconds });
}
