import { SottoError } from '@sotto/contracts';
import type { ChildJob, JobContext } from '@sotto/queue';

/** Losing Redis just after a job so many times in a row is unlikely: something else is wrong. */
const MAX_TRIES = 3;

/**
 * Runs a child that stores something in Redis, and returns that. A Redis that restarts without its last second (AOF
 * `everysec`) has lost what the child stored, but then learns over the new connection that the child is done: the child
 * is run again, in a step of its own.
 *
 * @param read null: it has not been stored.
 * @throws SottoError `internal_error`.
 */
export async function untilStored<T>(
  context: JobContext,
  step: string,
  job: ChildJob,
  read: () => Promise<T | null>,
): Promise<T> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    await context.children(attempt === 1 ? step : `${step}-again-${attempt}`, [job]);
    const stored = await read();
    if (stored !== null) return stored;
  }
  throw new SottoError('internal_error', `${step} was done ${MAX_TRIES} times without leaving a result.`);
}
