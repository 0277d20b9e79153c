import { setTimeout as delay } from 'node:timers/promises';
import { types } from 'node:util';
import { SottoError, type WaitCause } from '@sotto/contracts';
import { awayFor } from '../catalog/retry.ts';
import { isRedisFault } from '../redis/faults.ts';

const FIRST_MS = 1_000;
const LONGEST_MS = 120_000;

/** A job that waits fails after this long, unless the service says otherwise. */
export const OUTAGE_LIMIT_MS = 24 * 3_600_000;

/** What the system says of a disk or a network volume, where no error of ours says what it was about. */
const CAUSE_OF_SYSTEM_CODE: Readonly<Record<string, WaitCause>> = {
  ENOSPC: 'disk',
  EDQUOT: 'disk',
  EIO: 'storage',
  EROFS: 'storage',
  ESTALE: 'storage',
  ENODEV: 'storage',
  ENXIO: 'storage',
};

/**
 * What is away, where that is why a job failed: the error's own code decides, and for errors that are not ours, or say
 * nothing (`internal_error`), what they were caused by. null: nothing is.
 */
export function waitCauseOf(error: unknown): WaitCause | null {
  if (error instanceof SottoError && error.code !== 'internal_error') return awayFor(error.code);
  if (isRedisFault(error)) return 'redis';
  // Not instanceof: an error of the system may come from another realm.
  if (!types.isNativeError(error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (Object.hasOwn(CAUSE_OF_SYSTEM_CODE, code)) return CAUSE_OF_SYSTEM_CODE[code] ?? null;
  return error.cause === undefined ? null : waitCauseOf(error.cause);
}

/** How long until a job that has waited for `waitedMs` looks again: as long again, so that it doubles; without a crowd. */
export function lookAgainMs(waitedMs: number): number {
  const most = Math.min(LONGEST_MS, Math.max(FIRST_MS, waitedMs));
  return Math.round(most * (0.5 + Math.random() / 2));
}

const WORDS: Record<WaitCause, string> = {
  storage: 'The storage',
  disk: 'Room on the disk',
  redis: 'The queue',
  model: 'The models',
};

export function waitedTooLong(cause: WaitCause, limitMs: number, error: unknown): SottoError {
  const hours = Math.round(limitMs / 36_000) / 100;
  return new SottoError('outage', `${WORDS[cause]} could not be had for ${hours} h.`, { cause: error });
}

/**
 * Repeats a step until Redis takes it. While it takes no writes (it is full, or its disk is) a job can be neither
 * finished nor put back.
 *
 * @throws the signal's reason; what else the step throws.
 */
export async function untilRedisTakes<T>(step: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const startedMs = performance.now();
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (waitCauseOf(error) !== 'redis') throw error;
      signal.throwIfAborted();
      await delay(lookAgainMs(performance.now() - startedMs), undefined, { signal }).catch(() => {});
      signal.throwIfAborted();
    }
  }
}
