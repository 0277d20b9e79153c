import { ERROR_CATALOG, type ErrorCode } from '@sotto/contracts';
import type { ErrorShape } from '../http/error-shape.ts';
import { ownErrors } from '../http/errors.ts';

/**
 * Errors of the request for an upload's offset. The official clients take any error but 423 (Locked) to mean that the
 * upload is gone and start again at byte 0: a 503 while Redis restarts would cost them all they have sent.
 * https://github.com/tus/tus-js-client/blob/v4.3.1/lib/upload.js, `_resumeUpload`
 */
export const offsetErrors: ErrorShape = {
  schema: ownErrors.schema,
  statusOf,
  answer: (error, context) => ({ ...ownErrors.answer(error, context), status: statusOf(error.code) }),
};

function statusOf(code: ErrorCode): number {
  const { retryable, status } = ERROR_CATALOG[code];
  return retryable ? 423 : status;
}
