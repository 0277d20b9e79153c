import { enginesOf, type Heartbeat } from '@sotto/contracts';

/** Before any worker has measured: as fast as the recording is long, which is slow, so that too many start and not too few. */
const UNMEASURED_RTFX = 1;

export interface FleetSpeed {
  /** Ready workers that transcribe. */
  workers: number;
  /** Audio seconds per wall second of one of them, on average: as last measured, even if nobody is there any more. */
  workerRtfx: number;
}

/** @param lastRtfx of one worker, as it was last measured; null: never */
export function fleetSpeed(workers: readonly Heartbeat[], lastRtfx: number | null): FleetSpeed {
  const ready = workers.filter(({ state, roles }) => state === 'ready' && roles.includes('transcribe'));
  const measured = enginesOf(ready, 'transcribe').flatMap(({ speed }) => speed ?? []);
  const mean = measured.reduce((sum, rtfx) => sum + rtfx, 0) / measured.length;
  return { workers: ready.length, workerRtfx: measured.length > 0 ? mean : (lastRtfx ?? UNMEASURED_RTFX) };
}

/** The work of one worker that the backlog is, in seconds, and each worker's part of it. */
export function backlogSeconds(audioMs: number, { workers, workerRtfx }: FleetSpeed): { all: number; each: number } {
  const all = audioMs / 1000 / workerRtfx;
  return { all, each: all / Math.max(1, workers) };
}
