import type { Run } from '@sotto/contracts';

/** How long a run that ends now has waited for its first worker, and has been worked on since. */
export function timesOfRun({ createdAtMs, startedAtMs }: Pick<Run, 'createdAtMs' | 'startedAtMs'>): {
  waitedMs: number;
  processingMs: number;
} {
  const nowMs = Date.now();
  const startedMs = startedAtMs ?? nowMs;
  // Another machine's clock, or this one before it was put back, may have been ahead.
  return { waitedMs: Math.max(0, startedMs - createdAtMs), processingMs: Math.max(0, nowMs - startedMs) };
}
