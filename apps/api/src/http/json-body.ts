import { type ErrorCode, SottoError } from '@sotto/contracts';
import { json, type Request, type Response } from 'express';
import type { z } from 'zod';
import { parseParameters } from './invalid-parameter.ts';

/** What an endpoint with such a body may answer. */
export const BODY_ERRORS: ErrorCode[] = ['unsupported_media_type', 'invalid_parameter'];

const USUAL_BYTES = 256 * 1024;
const parseUsual = json({ limit: USUAL_BYTES });

/**
 * The JSON object a request carries. The content type is required: pages of other sites cannot send it without a preflight.
 *
 * @throws SottoError `unsupported_media_type`, `invalid_request`, `invalid_parameter` naming every field.
 */
export async function readJson<T extends z.ZodType>(
  schema: T,
  request: Request,
  response: Response,
  /** Absent: as usual. */
  maxBytes?: number,
): Promise<z.output<T>> {
  const parse = maxBytes === undefined ? parseUsual : json({ limit: maxBytes });
  if (!request.is('application/json')) {
    throw new SottoError('unsupported_media_type', 'Send a JSON object as application/json.');
  }
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error: unknown) => (error === undefined ? resolve() : reject(unreadable(error))));
  });
  return parseParameters(schema, request.body);
}

function unreadable(cause: unknown): SottoError {
  return new SottoError('invalid_request', 'The body is not a JSON object, or it is too large.', { cause });
}
