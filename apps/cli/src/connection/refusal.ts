import { ConnectionError, ERROR_CATALOG, type ErrorCode, SottoError, UnexpectedAnswerError } from '@sotto/client';
import { CommandError, EXIT } from '../exit-codes.ts';

/** Errors that every further request would meet too. */
const HOPELESS = new Set<string>(['unauthorized', 'forbidden']);

/**
 * What the service says of one recording or job, in words.
 * @throws CommandError for a service that is gone or refuses everything; the error itself when it is a fault of ours
 */
export function reasonOf(error: unknown): string {
  if (isNoAnswer(error)) {
    throw new CommandError(error.message, EXIT.unreachable, { cause: error });
  }
  if (!(error instanceof SottoError)) throw error;
  const text = sentenceOf(error.code, error.detail);
  if (HOPELESS.has(error.code)) throw new CommandError(text, EXIT.unreachable, { cause: error });
  return text;
}

/** Whether nothing answered, or something that is not Sotto. */
export const isNoAnswer = (error: unknown): error is ConnectionError | UnexpectedAnswerError =>
  error instanceof ConnectionError || error instanceof UnexpectedAnswerError;

/** An error in words: what it is, and this case of it. */
export const sentenceOf = (code: ErrorCode, detail: string): string =>
  `${ERROR_CATALOG[code].message} ${detail}`.trim();
