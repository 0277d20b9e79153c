import type { ErrorCode } from '@sotto/contracts';

export interface BadInput {
  /** What was sent, in words. */
  input: string;
  /** What a synchronous request is answered. */
  status: number;
  code: ErrorCode | null;
  note?: string;
}

/** Found while the upload comes in: refused at once, nothing is stored and no job is made. */
export const REFUSED = {
  empty: { input: 'empty file', status: 400, code: 'empty_file' },
  magic: { input: 'wrong magic bytes (a PNG named .wav)', status: 400, code: 'invalid_file_format' },
  text: { input: 'text renamed .mp3', status: 400, code: 'invalid_file_format' },
  extension: { input: 'a file name that ends in .txt', status: 400, code: 'invalid_file_format' },
  type: { input: 'a part declared as image/png', status: 400, code: 'invalid_file_format' },
  playlist: {
    input: 'HLS playlist that names /etc/passwd or a URL',
    status: 400,
    code: 'invalid_file_format',
    note: 'never opened, whatever its name is',
  },
  script: {
    input: 'ffconcat script that names /etc/passwd or a URL',
    status: 400,
    code: 'invalid_file_format',
    note: 'never opened, whatever its name is',
  },
  large: {
    input: 'larger than MAX_FILE_SIZE, with Content-Length',
    status: 413,
    code: 'file_too_large',
    note: 'refused before the body is read',
  },
  largeChunked: {
    input: 'larger than MAX_FILE_SIZE, without Content-Length',
    status: 413,
    code: 'file_too_large',
    note: 'refused at the limit',
  },
  stalled: {
    input: 'an upload that stalls',
    status: 408,
    code: 'upload_timeout',
    note: 'after UPLOAD_IDLE_TIMEOUT',
  },
  noFile: { input: 'no file', status: 400, code: 'file_missing' },
  twoFiles: { input: 'two files', status: 400, code: 'too_many_files' },
  unknownField: { input: 'unknown field', status: 400, code: 'unknown_field' },
  notMultipart: { input: 'a body that is not multipart', status: 415, code: 'unsupported_media_type' },
  malformed: { input: 'multipart that breaks off', status: 400, code: 'invalid_request' },
  language: { input: 'unknown language', status: 422, code: 'invalid_parameter' },
  format: { input: 'unknown response_format', status: 422, code: 'invalid_parameter' },
  temperature: { input: 'temperature out of range', status: 422, code: 'invalid_parameter' },
  model: { input: 'unknown model', status: 422, code: 'model_not_available', note: '`models` lists those there are' },
  englishModel: {
    input: 'another language, or translate, of an English (.en) model',
    status: 422,
    code: 'language_not_supported',
    note: '`models` lists those that can',
  },
} as const satisfies Record<string, BadInput>;

/** Found by a worker: the job fails, and its error stays readable until its TTL. */
export const FAILED = {
  silentVideo: { input: 'video without sound', status: 422, code: 'no_audio_stream' },
  truncatedWithoutIndex: { input: 'truncated mp4 whose index is missing', status: 422, code: 'undecodable_media' },
  short: { input: '0.02 s of audio', status: 422, code: 'audio_too_short' },
  long: { input: 'longer than MAX_DURATION', status: 422, code: 'audio_too_long' },
  longLie: {
    input: 'longer than MAX_DURATION with a header that says less',
    status: 422,
    code: 'audio_too_long',
    note: 'counted while it is decoded',
  },
} as const satisfies Record<string, BadInput>;

/** Odd, but no reason to refuse. */
export const ACCEPTED = {
  names: {
    input: 'a file name with `../`, NUL or 10 kB of Unicode',
    status: 200,
    code: null,
    note: 'cleaned for display',
  },
  truncatedWithIndex: {
    input: 'truncated mp4 whose index is there',
    status: 200,
    code: null,
    note: 'what can be read is transcribed, with a warning',
  },
  nan: { input: 'samples that are not numbers (NaN)', status: 200, code: null, note: 'treated as silence' },
} as const satisfies Record<string, BadInput>;
