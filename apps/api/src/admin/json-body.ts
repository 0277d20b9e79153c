import { SottoError } from '@sotto/contracts';
import { json, type Request, type Response } from 'express';
import type { z } from 'zod';

const parse = json({ limit: '64kb' });

/**
 * The JSON object a request carries. Only with its content type: a page elsewhere cannot send that unasked.
 *
 * @throws SottoError `unsupported_media_type`, `invalid_request`, `invalid_parameter` naming every field.
 */
export async function readJson<T extends z.ZodType>(
  schema: T,
  request: Request,
  response: Response,
): Promise<z.output<T>> {
  if (!request.is('application/json')) {
    throw new SottoError('unsupported_media_type', 'Send a JSON object, as application/json.');
  }
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error: unknown) => (error === undefined ? resolve() : reject(unreadable(error))));
  });
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '));
  throw new SottoError('invalid_parameter', problems.join('; '));
}

function unreadable(cause: unknown): SottoError {
  return new SottoError('invalid_request', 'The body is no JSON object, or too large.', { cause });
}
