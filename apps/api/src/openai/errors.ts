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

const PARAM: Partial<Record<ErrorCode, string>> = {
  file_missing: 'file',
  too_many_files: 'file',
  empty_file: 'file',
  invalid_file_format: 'file',
  file_too_large: 'file',
  audio_too_short: 'file',
  audio_too_long: 'file',
  no_audio_stream: 'file',
  undecodable_media: 'file',
  decode_timeout: 'file',
  sample_not_usable: 'known_speaker_references',
  text_too_long: 'input',
  model_not_available: 'model',
  model_loading: 'model',
  language_not_supported: 'language',
};

const statusOf = (code: ErrorCode): number => STATUS[code] ?? ERROR_CATALOG[code].status;

/** `{error: {message, type, param, code}}`, as OpenAI's clients read it. */
export const openAiErrors: ErrorShape = {
  schema: openAiErrorSchema,
  statusOf,
  answer: (error, { principal }) => {
    // An unknown key is a 401 at OpenAI; a known key that lacks permission stays 403.
    const isWrongKey = error.code === 'forbidden' && principal.keyId === null;
    const status = isWrongKey ? 401 : statusOf(error.code);
    const body = openAiError(error, status);
    const { retryable } = ERROR_CATALOG[error.code];
    // OpenAI's clients retry any 409 and 5xx unless this header says whether it can help.
    return { status, body: { error: body }, headers: { 'X-Should-Retry': String(retryable) } };
  },
};

export function openAiError(error: SottoError, status = statusOf(error.code)): OpenAiError {
  return {
    message: `${ERROR_CATALOG[error.code].message} ${error.detail}`,
    type: typeOf(status),
    param: paramOf(error),
    code: codeOf(error.code, status),
  };
}

/** The first invalid parameter; otherwise the one this kind of error is about, if any. */
function paramOf({ code, fields: { parameters } }: SottoError): string | null {
  const [first] = Array.isArray(parameters) ? (parameters as Problem[]) : [];
  return first?.field.split('.')[0] || (PARAM[code] ?? null);
}

function codeOf(code: ErrorCode, status: number): string {
  if (status === 401) return 'invalid_api_key';
  return code === 'model_not_available' ? 'model_not_found' : code;
}

function typeOf(status: number): string {
  if (status === 429) return 'requests';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
