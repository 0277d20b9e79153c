import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { lockPath, modelPath } from './paths.ts';

/** A holder that died is taken over after this long: it renews its lock five times as often. */
const STALE_MS = 10_000;
const RENEW_MS = 2_000;
const ASK_EVERY_MS = 200;

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called each time the lock is found held by another process. */
  onWait?: (() => void | Promise<void>) | undefined;
}

/**
 * Runs `work` while holding the model's lock: of many processes (workers of one machine, or of several on one shared
 * volume) one installs and the others wait. `work` gets a signal that also fires when the lock was lost, which happens
 * to a process that was suspended for longer than STALE_MS.
 */
export async function withModelLock<T>(
  modelDir: string,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await mkdir(modelDir, { recursive: true });
  const lost = new AbortController();
  const release = await acquire(modelDir, name, lost, options);
  const signal = options.signal ? AbortSignal.any([options.signal, lost.signal]) : lost.signal;
  try {
    return await work(signal);
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

async function acquire(modelDir: string, name: string, lost: AbortController, options: LockOptions) {
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return await lockfile.lock(modelPath(modelDir, name), {
        lockfilePath: lockPath(modelDir, name),
        realpath: false,
        stale: STALE_MS,
        update: RENEW_MS,
        onCompromised: (error) => lost.abort(new Error(`The lock on model ${name} was lost.`, { cause: error })),
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    await options.onWait?.();
    await delay(ASK_EVERY_MS, undefined, { signal: options.signal });
  }
}
