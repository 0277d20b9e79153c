import { SottoError } from '@sotto/contracts';
import type { Request } from 'express';
import { z } from 'zod';

/** @throws SottoError `invalid_parameter` for a value that cannot be used or a name that does not exist. */
export function parseQuery<S extends z.ZodRawShape>(shape: S, request: Request): z.output<z.ZodObject<S>> {
  const parsed = z.strictObject(shape).safeParse({ ...request.query });
  if (parsed.success) return parsed.data as z.output<z.ZodObject<S>>;
  const problems = parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '));
  throw new SottoError('invalid_parameter', problems.join('; '));
}
