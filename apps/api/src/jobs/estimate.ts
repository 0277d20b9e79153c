import type { Run } from '@sotto/contracts';
import { CATALOG, type FairShares } from '@sotto/queue';
import { type EnginesOfFleet, fleetRtfx } from '../fleet/worker-directory.ts';

/** Below this progress, a run's own pace says little. */
const MIN_PROGRESS_PERCENT = 10;

/** Of a text, in a second of speech. */
const CHARACTERS_PER_SECOND = 15;

/**
 * How much all workers together work off in a millisecond, in the unit of a kind of run; null: nobody has measured, or what such
 * a run costs says nothing of how long it takes.
 */
export function costPerMs(kind: Run['kind'], fleet: EnginesOfFleet): number | null {
  if (kind === 'matching') return null;
  if (CATALOG.run(kind).unit === 'audio_ms') return fleetRtfx(fleet);
  const rtfx = fleetRtfx(fleet, 'speak');
  return rtfx === null ? null : (rtfx * CHARACTERS_PER_SECOND) / 1000;
}

/**
 * When a run will be done: from its own pace once it has one, before that from the measured speed of the workers and
 * what the order of work puts before it. null when nobody has measured yet. Assumes that no other work arrives.
 *
 * @param shares of every run that is not done and whose cost is in the same unit; null: not looked at, as the run has a pace or
 *   nobody has measured.
 * @param perMs cost that all workers work off in a millisecond.
 * @returns milliseconds since 1970.
 */
export function estimateEndMs(run: Run, shares: FairShares | null, perMs: number | null, nowMs: number): number | null {
  if (run.status !== 'processing') return null;
  if (hasOwnPace(run)) {
    const spentMs = nowMs - (run.startedAtMs ?? nowMs);
    return Math.round(nowMs + (spentMs * (100 - run.progress)) / run.progress);
  }
  const cost = shares?.costUntilDone(run.id) ?? null;
  return perMs === null || perMs <= 0 || cost === null ? null : Math.round(nowMs + cost / perMs);
}

/** Enough of it is done to extrapolate. */
export function hasOwnPace({ startedAtMs, progress }: Run): boolean {
  return startedAtMs !== null && progress >= MIN_PROGRESS_PERCENT;
}
