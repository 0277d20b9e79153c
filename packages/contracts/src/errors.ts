import * as z from 'zod';

/**
 * Every error a client or operator can meet: code -> what HTTP answers, whether trying again can help, and a sentence
 * for people. `detail` says what was wrong this time. docs/errors.md is held equal to this table by a test.
 */
export const ERROR_CATALOG = {
  // the request
  invalid_request: { status: 400, retryable: false, message: 'The request cannot be read.' },
  unknown_field: { status: 400, retryable: false, message: 'The request has an unknown field.' },
  file_missing: { status: 400, retryable: false, message: 'No file was sent.' },
  too_many_files: { status: 400, retryable: false, message: 'Only one file can be sent per request.' },
  empty_file: { status: 400, retryable: false, message: 'The file is empty.' },
  invalid_file_format: { status: 400, retryable: false, message: 'The file is not audio or video.' },
  unauthorized: { status: 401, retryable: false, message: 'An API key is required.' },
  forbidden: { status: 403, retryable: false, message: 'This API key is not allowed to do that.' },
  voices_off: { status: 403, retryable: false, message: 'Voices of people are turned off on this service.' },
  library_off: { status: 403, retryable: false, message: 'This service has no library.' },
  host_not_allowed: { status: 403, retryable: false, message: 'The service is not called so.' },
  origin_not_allowed: { status: 403, retryable: false, message: 'Pages of this origin may not do that.' },
  csrf_token_wrong: { status: 403, retryable: false, message: 'The CSRF token is missing or wrong.' },
  sign_in_off: { status: 403, retryable: false, message: 'Nobody can sign in like this here.' },
  sign_in_refused: { status: 403, retryable: false, message: 'You could not be signed in.' },
  not_found: { status: 404, retryable: false, message: 'There is nothing here.' },
  key_not_found: { status: 404, retryable: false, message: 'There is no such API key.' },
  session_not_found: { status: 404, retryable: false, message: 'There is no such session.' },
  job_not_found: { status: 404, retryable: false, message: 'There is no such job.' },
  batch_not_found: { status: 404, retryable: false, message: 'There is no such batch.' },
  upload_not_found: { status: 404, retryable: false, message: 'There is no such upload.' },
  live_session_not_found: { status: 404, retryable: false, message: 'There is no such live session.' },
  dictionary_not_found: { status: 404, retryable: false, message: 'There is no such dictionary.' },
  vocabulary_not_found: { status: 404, retryable: false, message: 'There is no such vocabulary.' },
  worker_not_found: { status: 404, retryable: false, message: 'There is no such worker.' },
  voice_not_found: { status: 404, retryable: false, message: 'There is no such voice.' },
  consent_not_found: { status: 404, retryable: false, message: 'There is no such consent.' },
  item_not_found: { status: 404, retryable: false, message: 'There is no such item in the library.' },
  folder_not_found: { status: 404, retryable: false, message: 'There is no such folder.' },
  link_not_found: { status: 404, retryable: false, message: 'There is no such link, or it is over.' },
  method_not_allowed: { status: 405, retryable: false, message: 'This method is not allowed here.' },
  upload_timeout: { status: 408, retryable: true, message: 'The upload stalled for too long.' },
  live_session_taken: {
    status: 409,
    retryable: false,
    message: 'Another connection has taken over the live session.',
  },
  live_audio_missing: { status: 409, retryable: false, message: 'Audio of the live session is missing.' },
  job_not_finished: { status: 409, retryable: true, message: 'The job has no result yet.' },
  upload_conflict: {
    status: 409,
    retryable: true,
    message: 'The bytes do not start at the offset the upload has reached.',
  },
  upload_not_finished: { status: 409, retryable: true, message: 'The upload is not complete.' },
  upload_used: { status: 409, retryable: false, message: 'The upload has already been used for a job.' },
  invalid_configuration: { status: 409, retryable: false, message: 'The configuration cannot be used.' },
  model_in_use: { status: 409, retryable: false, message: 'The model is in use.' },
  dictionaries_full: { status: 409, retryable: false, message: 'There are too many dictionaries.' },
  vocabularies_full: { status: 409, retryable: false, message: 'There are too many vocabularies.' },
  voice_exists: { status: 409, retryable: false, message: 'There is a voice of this name already.' },
  voice_not_ready: { status: 409, retryable: true, message: 'The voice cannot speak yet.' },
  keys_full: { status: 409, retryable: false, message: 'There are too many API keys.' },
  voices_full: { status: 409, retryable: false, message: 'There are too many voices.' },
  folder_exists: { status: 409, retryable: false, message: 'There is a folder of this name already.' },
  item_not_finished: { status: 409, retryable: true, message: 'The item has no transcript yet.' },
  no_webhook: { status: 409, retryable: false, message: 'No webhook was requested.' },
  no_transcript: { status: 409, retryable: false, message: 'This job has no transcript.' },
  edit_conflict: { status: 409, retryable: false, message: 'Somebody else has edited the same part since.' },
  journal_full: { status: 409, retryable: false, message: 'The transcript has been edited too often.' },
  job_cancelled: { status: 409, retryable: false, message: 'The job was cancelled.' },
  audio_not_kept: { status: 410, retryable: false, message: 'The recording is no longer stored.' },
  live_session_over: { status: 410, retryable: false, message: 'The live session takes no more audio.' },
  result_expired: { status: 410, retryable: false, message: 'The result has expired.' },
  tus_version: { status: 412, retryable: false, message: 'This version of tus is not supported.' },
  file_too_large: { status: 413, retryable: false, message: 'The file is too large.' },
  batch_too_large: { status: 413, retryable: false, message: 'The batch is too large.' },
  unsupported_media_type: { status: 415, retryable: false, message: 'The body has the wrong content type.' },
  range_not_satisfiable: { status: 416, retryable: false, message: 'The result does not have these bytes.' },
  archive_not_usable: { status: 422, retryable: false, message: 'The archive cannot be imported.' },
  invalid_parameter: { status: 422, retryable: false, message: 'A parameter is invalid.' },
  invalid_edit: { status: 422, retryable: false, message: 'The edit cannot be made.' },
  nothing_accepted: { status: 422, retryable: false, message: 'No recording in the batch could be accepted.' },
  model_not_available: { status: 422, retryable: false, message: 'The model is not installed here.' },
  language_not_supported: {
    status: 422,
    retryable: false,
    message: 'The model does not support this language or task.',
  },
  url_not_fetched: { status: 422, retryable: true, message: 'The address could not be fetched.' },
  rate_limit_exceeded: { status: 429, retryable: true, message: 'Too many requests. Try again later.' },
  too_many_streams: { status: 429, retryable: true, message: 'This client has too many open streams.' },
  key_full: { status: 429, retryable: true, message: 'This API key has reached its limit of unfinished work.' },
  quota_exceeded: { status: 429, retryable: true, message: 'This API key has used up its quota.' },
  // the recording
  audio_too_short: { status: 422, retryable: false, message: 'The recording is shorter than 0.1 seconds.' },
  audio_too_long: { status: 422, retryable: false, message: 'The recording is too long.' },
  sample_not_usable: { status: 422, retryable: false, message: 'The sample does not tell how somebody sounds.' },
  no_audio_stream: { status: 422, retryable: false, message: 'The file has no audio.' },
  undecodable_media: { status: 422, retryable: false, message: 'The file cannot be decoded.' },
  decode_timeout: { status: 422, retryable: false, message: 'Decoding the file took too long.' },
  // the text
  invalid_document: { status: 422, retryable: false, message: 'The document cannot be read.' },
  text_too_long: { status: 413, retryable: false, message: 'The text is too long.' },
  // the service
  internal_error: { status: 500, retryable: true, message: 'Something went wrong on our side.' },
  transcription_failed: { status: 500, retryable: true, message: 'The recording could not be transcribed.' },
  speech_failed: { status: 500, retryable: true, message: 'The text could not be spoken.' },
  speech_unavailable: { status: 503, retryable: true, message: 'No worker can speak at the moment.' },
  model_load_failed: { status: 500, retryable: true, message: 'The model could not be loaded.' },
  blob_missing: { status: 500, retryable: false, message: 'The stored recording is missing.' },
  sign_in_unavailable: { status: 503, retryable: true, message: 'The identity provider cannot be reached.' },
  model_loading: { status: 503, retryable: true, message: 'The model is being installed or loaded.' },
  queue_unavailable: { status: 503, retryable: true, message: 'The queue cannot be reached.' },
  queue_memory_full: { status: 503, retryable: true, message: 'The queue is low on memory.' },
  storage_unavailable: { status: 503, retryable: true, message: 'The storage is not writable.' },
  library_unavailable: { status: 503, retryable: true, message: 'The library cannot be reached.' },
  memory_pressure: { status: 503, retryable: true, message: 'The server is low on memory.' },
  outage: { status: 503, retryable: true, message: 'Something the job needs was away for too long.' },
  disk_full: { status: 503, retryable: true, message: 'The server is low on disk space.' },
  service_full: { status: 503, retryable: true, message: 'The queue is full.' },
  live_full: { status: 503, retryable: true, message: 'The service cannot hear more people at once.' },
  streams_full: { status: 503, retryable: true, message: 'The server has too many open streams.' },
  upgrading: { status: 503, retryable: true, message: 'The service is being upgraded.' },
  shutting_down: { status: 503, retryable: true, message: 'The server is shutting down.' },
  still_running: {
    status: 504,
    retryable: true,
    message: 'The work is still running. Send the same request again to wait for it.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; message: string }>;

export type ErrorCode = keyof typeof ERROR_CATALOG;

export const errorCodeSchema = z.enum(Object.keys(ERROR_CATALOG) as [ErrorCode, ...ErrorCode[]]);

/** What a job keeps of its failure: the code and one sentence on this case. */
export const jobErrorSchema = z.object({
  code: errorCodeSchema,
  detail: z.string(),
  /** From then on another try may succeed; absent: nobody knows. */
  retryAtMs: z.int().optional(),
});
export type JobError = z.infer<typeof jobErrorSchema>;

export interface SottoErrorOptions {
  /** The original error, kept for the log and never shown to a client. */
  cause?: unknown;
  /** Seconds; sent as Retry-After. */
  retryAfterSeconds?: number;
  /** Fields added to the error body, such as the list of models. */
  fields?: Record<string, unknown>;
}

/** The one error type that crosses module borders. `detail` is meant for the client: no paths, no stack. */
export class SottoError extends Error {
  override readonly name = 'SottoError';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: Record<string, unknown>;

  constructor(code: ErrorCode, detail: string, options: SottoErrorOptions = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.fields = options.fields ?? {};
  }

  get status(): number {
    return ERROR_CATALOG[this.code].status;
  }

  toJobError(): JobError {
    if (this.retryAfterSeconds === undefined) return { code: this.code, detail: this.detail };
    return { code: this.code, detail: this.detail, retryAtMs: Date.now() + Math.ceil(this.retryAfterSeconds * 1000) };
  }
}

/** Any thrown value as a SottoError: what is not ours becomes `internal_error`, with the original as its cause. */
export function asSottoError(error: unknown): SottoError {
  if (error instanceof SottoError) return error;
  return new SottoError('internal_error', 'An unexpected error occurred.', { cause: error });
}

/** The body of every error answer (owner's specification, section 8.2). */
export const errorBodySchema = z
  .object({
    error: errorCodeSchema,
    message: z.string(),
    detail: z.string(),
    timestamp: z.iso.datetime(),
    request_id: z.string(),
  })
  .loose()
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof errorBodySchema>;
