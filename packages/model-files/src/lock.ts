import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';

/** A holder that died is taken over after this long: it renews its lock five times as often. */
const STALE_MS = 10_000;
const RENEW_MS = 2_000;
const ASK_EVERY_MS = 200;

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** Called each time the lock is found held by another process. */
  onWait?: (() => void | Promise<void>) | undefined;
}

export interface LockedThing {
  /** Made when it is not there. */
  folder: string;
  /** For people. */
  name: string;
  /** What is locked, whether it is there or not. */
  path: string;
  /** The lock itself. */
  lockPath: string;
}

/**
 * Runs `work` while holding the lock of what is to be installed: of many processes (workers of one machine, or of several on one shared
 * volume) one installs and the others wait. `work` gets a signal that also fires when the lock was lost, which happens
 * to a process that was suspended for longer than STALE_MS.
 */
export async function withInstallLock<T>(
  thing: LockedThing,
  work: (signal: AbortSignal) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await mkdir(thing.folder, { recursive: true });
  const lost = new AbortController();
  const release = await acquire(thing, lost, options);
  const signal = options.signal ? AbortSignal.any([options.signal, lost.signal]) : lost.signal;
  try {
    return await work(signal);
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

async function acquire({ path, lockPath, name }: LockedThing, lost: AbortController, options: LockOptions) {
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return await lockfile.lock(path, {
        lockfilePath: lockPath,
        realpath: false,
        stale: STALE_MS,
        update: RENEW_MS,
        onCompromised: (error) => lost.abort(new Error(`The lock on ${name} was lost.`, { cause: error })),
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    await options.onWait?.();
    await delay(ASK_EVERY_MS, undefined, { signal: options.signal });
  }
}
