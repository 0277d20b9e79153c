import type { Run } from '@sotto/contracts';
import type { FairShares } from '@sotto/queue';

/** Below this progress, a run's own pace says little. */
const MIN_PROGRESS_PERCENT = 10;

/**
 * When a run will be done: from its own pace once it has one, before that from the measured speed of the workers and
 * what the order of work puts before it. null when nobody has measured yet. Assumes that no other work arrives.
 *
 * @param shares of every run that is not done; null: not looked at, as the run has a pace or nobody has measured.
 * @param rtfx audio seconds per wall second of all workers.
 * @returns milliseconds since 1970.
 */
export function estimateEndMs(run: Run, shares: FairShares | null, rtfx: number | null, nowMs: number): number | null {
  if (run.status !== 'processing') return null;
  if (hasOwnPace(run)) {
    const spentMs = nowMs - (run.startedAtMs ?? nowMs);
    return Math.round(nowMs + (spentMs * (100 - run.progress)) / run.progress);
  }
  const soundMs = shares?.costUntilDone(run.id) ?? null;
  return rtfx === null || rtfx <= 0 || soundMs === null ? null : Math.round(nowMs + soundMs / rtfx);
}

/** Enough of it is done to extrapolate. */
export function hasOwnPace({ startedAtMs, progress }: Run): boolean {
  return startedAtMs !== null && progress >= MIN_PROGRESS_PERCENT;
}
