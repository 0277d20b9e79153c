import { ERROR_CATALOG, type ErrorCode, type SottoError } from '@sotto/contracts';
import { z } from 'zod';
import type { ErrorShape } from '../http/error-shape.ts';
import type { Problem } from '../http/invalid-parameter.ts';

export const openAiErrorSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'OpenAiError' });
export type OpenAiError = z.infer<typeof openAiErrorSchema>['error'];

/** OpenAI has no 422: invalid input is 400, a missing model 404. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  invalid_parameter: 400,
  language_not_supported: 400,
  audio_too_short: 400,
  audio_too_long: 400,
  no_audio_stream: 400,
  undecodable_media: 400,
  decode_timeout: 400,
  url_not_fetched: 400,
  nothing_accepted: 400,
  sample_not_usable: 400,
  invalid_document: 400,
  text_too_long: 400,
  invalid_edit: 400,
  archive_not_usable: 400,
  model_not_available: 404,
};

/** What is about the file, whatever its field is called. */
const ABOUT_FILE: ReadonlySet<ErrorCode> = new Set([
  'file_missing',
  'too_many_files',
  'empty_file',
  'invalid_file_format',
  'file_too_large',
  'audio_too_short',
  'audio_too_long',
  'no_audio_stream',
  'undecodable_media',
  'decode_timeout',
]);

const PARAM: Partial<Record<ErrorCode, string>> = {
  text_too_long: 'input',
  model_not_available: 'model',
  model_loading: 'model',
  language_not_supported: 'language',
};

/** What the fields of a door are called that errors may be about. */
interface FileFields {
  file: string;
  /** That tells how somebody sounds. */
  sample: string;
}
const USUAL: FileFields = { file: 'file', sample: 'known_speaker_references' };

const statusOf = (code: ErrorCode): number => STATUS[code] ?? ERROR_CATALOG[code].status;

/** `{error: {message, type, param, code}}`, as OpenAI's clients read it. */
export const openAiErrors: ErrorShape = errorsAbout(USUAL);

/** The same of a door that takes one recording, in a field of this name. */
export const openAiErrorsOf = (field: string): ErrorShape => errorsAbout({ file: field, sample: field });

function errorsAbout(fields: FileFields): ErrorShape {
  return {
    schema: openAiErrorSchema,
    statusOf,
    answer: (error, { principal }) => {
      // An unknown key is a 401 at OpenAI; a known key that lacks permission stays 403.
      const isWrongKey = error.code === 'forbidden' && principal.keyId === null;
      const status = isWrongKey ? 401 : statusOf(error.code);
      const body = openAiError(error, status, fields);
      const { retryable } = ERROR_CATALOG[error.code];
      // OpenAI's clients retry any 409 and 5xx unless this header says whether it can help.
      return { status, body: { error: body }, headers: { 'X-Should-Retry': String(retryable) } };
    },
  };
}

export function openAiError(error: SottoError, status = statusOf(error.code), fields = USUAL): OpenAiError {
  return {
    message: `${ERROR_CATALOG[error.code].message} ${error.detail}`,
    type: typeOf(status),
    param: paramOf(error, fields),
    code: codeOf(error.code, status),
  };
}

/** The first invalid parameter; otherwise the one this kind of error is about, if any. */
function paramOf({ code, fields: { parameters } }: SottoError, { file, sample }: FileFields): string | null {
  const [first] = Array.isArray(parameters) ? (parameters as Problem[]) : [];
  const named = first?.field.split('.')[0];
  if (named) return named;
  if (code === 'sample_not_usable') return sample;
  return ABOUT_FILE.has(code) ? file : (PARAM[code] ?? null);
}

function codeOf(code: ErrorCode, status: number): string {
  if (status === 401) return 'invalid_api_key';
  return code === 'model_not_available' ? 'model_not_found' : code;
}

function typeOf(status: number): string {
  if (status === 429) return 'requests';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
