import type { Lane } from '@sotto/contracts';

/**
 * The order of work, as BullMQ priorities (1 first). A window's number in its recording is its virtual finish time:
 * recordings interleave window by window, and a short one passes a long one.
 */
const BATCH_OFFSET = 100_000;

export function windowPriority(lane: Lane, windowIndex: number): number {
  return 1 + Math.min(windowIndex, BATCH_OFFSET - 1) + (lane === 'batch' ? BATCH_OFFSET : 0);
}

/** Of a `transcribe` job that waits for its first turn. */
export function transcribePriority(lane: Lane): number {
  return lane === 'interactive' ? 1 : 2;
}

/** A run that comes back from its windows is assembled before anything new is decoded: BullMQ runs 0 first. */
export const ASSEMBLE_PRIORITY = 0;
