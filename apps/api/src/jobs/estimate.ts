import type { Run } from '@sotto/contracts';
import { guessDurationMs } from '@sotto/queue';

/** Below this much of a run its own pace says little. */
const MIN_PROGRESS_PERCENT = 10;

/**
 * When a run will be done, from its own pace or else from the measured speed of the workers; null when neither is
 * known, or others are before it.
 *
 * @param rtfx audio seconds per wall second of all workers.
 * @returns milliseconds since 1970.
 */
export function estimateEndMs(run: Run, position: number | null, rtfx: number | null, nowMs: number): number | null {
  if (run.status !== 'processing') return null;
  if (run.startedAtMs !== null && run.progress >= MIN_PROGRESS_PERCENT) {
    const spentMs = nowMs - run.startedAtMs;
    return Math.round(nowMs + (spentMs * (100 - run.progress)) / run.progress);
  }
  if (rtfx === null || rtfx <= 0 || (position !== null && position > 1)) return null;
  const durationMs = run.durationMs ?? guessDurationMs(run.upload);
  return Math.round(nowMs + durationMs / rtfx);
}
