import type { SottoError } from '@sotto/contracts';
import type { Logger } from '@sotto/runtime';
import type { Response } from 'express';
import { localsOf, namesOf } from './locals.ts';

/** The response has begun with status 200; only the log can say what became of it. */
export function noteBroken(response: Response, error: SottoError, logger: Logger): void {
  localsOf(response).metadata.code = error.code;
  if (error.status >= 500) logger.error('Stream broke off', { ...namesOf(response), code: error.code, error });
}
