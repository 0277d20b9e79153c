import { SottoError } from '@sotto/contracts';
import type { ChildJob, JobContext } from '@sotto/queue';

/** Redis has been lost just after a job so many times in a row: something else is wrong. */
const MOST_TRIES = 3;

/**
 * Has a child do what leaves something in Redis, and gives that. A Redis that comes back without its last second (AOF
 * `everysec`) has lost what the child stored, and is told once more, over the new connection, that the child is done:
 * then it is done again, under a name of its own.
 *
 * @param read null: it is not there.
 * @throws SottoError `internal_error`.
 */
export async function untilStored<T>(
  context: JobContext,
  step: string,
  job: ChildJob,
  read: () => Promise<T | null>,
): Promise<T> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    await context.children(attempt === 1 ? step : `${step}-again-${attempt}`, [job]);
    const stored = await read();
    if (stored !== null) return stored;
  }
  throw new SottoError('internal_error', `${step} was done ${MOST_TRIES} times and left nothing.`);
}
