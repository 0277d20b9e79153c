import { ERROR_CATALOG, type ErrorCode, type SottoError } from '@sotto/contracts';
import { z } from 'zod';
import type { ErrorShape } from '../http/error-shape.ts';

export const deepgramErrorSchema = z
  .object({ err_code: z.string(), err_msg: z.string(), request_id: z.string() })
  .meta({ id: 'DeepgramError' });

const INVALID_AUTH = 'INVALID_AUTH';

/** Deepgram has no 422: what cannot be used is 400. */
const statusOf = (code: ErrorCode): number => {
  const { status } = ERROR_CATALOG[code];
  return status === 422 ? 400 : status;
};

/** `{err_code, err_msg, request_id}`, as Deepgram's clients read it. */
export const deepgramErrors: ErrorShape = {
  schema: deepgramErrorSchema,
  statusOf,
  answer: (error, { requestId, principal }) => {
    // An unknown key is a 401 there; a known key that lacks permission stays 403.
    const isWrongKey = error.code === 'forbidden' && principal.keyId === null;
    const status = isWrongKey ? 401 : statusOf(error.code);
    return { status, body: { ...deepgramError(error, status), request_id: requestId }, headers: {} };
  },
};

export function deepgramError(
  { code, detail }: Pick<SottoError, 'code' | 'detail'>,
  status = statusOf(code),
): { err_code: string; err_msg: string } {
  return {
    err_code: status === 401 ? INVALID_AUTH : code,
    err_msg: `${ERROR_CATALOG[code].message} ${detail}`,
  };
}
