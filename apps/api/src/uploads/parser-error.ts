import { type ErrorCode, SottoError } from '@sotto/contracts';
import multer from 'multer';
import { ClientGone } from '../http/client-gone.ts';

/** multer's and busboy's errors in the words of the catalogue. */
const CODES: Partial<Record<multer.ErrorCode, ErrorCode>> = {
  LIMIT_FIELD_VALUE: 'invalid_parameter',
  LIMIT_FIELD_KEY: 'unknown_field',
  LIMIT_FILE_COUNT: 'too_many_files',
  LIMIT_UNEXPECTED_FILE: 'unknown_field',
};

/** Messages of busboy for bodies that are no multipart form; they have no code. */
const MALFORMED = /boundary|unexpected end of (form|file)|malformed|content type|multipart/i;

export function parserError(error: unknown, isClientGone: boolean): unknown {
  if (error instanceof SottoError || error instanceof ClientGone) return error;
  if (isClientGone) return new ClientGone();
  if (error instanceof multer.MulterError) {
    return new SottoError(CODES[error.code] ?? 'invalid_request', `${error.message}.`, { cause: error });
  }
  if (error instanceof Error && MALFORMED.test(error.message)) {
    return new SottoError('invalid_request', 'The body is not a well-formed multipart form.', { cause: error });
  }
  return error;
}
