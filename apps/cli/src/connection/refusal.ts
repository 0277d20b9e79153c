import { ConnectionError, ERROR_CATALOG, SottoError, UnexpectedAnswerError } from '@sotto/client';
import { CommandError, EXIT } from '../exit-codes.ts';

/** Errors that every further request would meet too. */
const HOPELESS = new Set<string>(['unauthorized', 'forbidden']);

/**
 * What the service says of one recording or job, in words.
 * @throws CommandError for a service that is gone or refuses everything; the error itself when it is a fault of ours
 */
export function reasonOf(error: unknown): string {
  if (error instanceof ConnectionError || error instanceof UnexpectedAnswerError) {
    throw new CommandError(error.message, EXIT.unreachable, { cause: error });
  }
  if (!(error instanceof SottoError)) throw error;
  const text = `${ERROR_CATALOG[error.code].message} ${error.detail}`;
  if (HOPELESS.has(error.code)) throw new CommandError(text, EXIT.unreachable, { cause: error });
  return text;
}
