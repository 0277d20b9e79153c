import type { Lane } from '@sotto/contracts';

/**
 * The order of work, as BullMQ priorities (1 first). All of the interactive lane comes before the batch lane. Within a
 * lane, each API key has turns: the first window of a recording takes one, and later windows follow at a distance that
 * grows with the number of the key's recordings and shrinks with its weight. So recordings interleave window by window,
 * a short one overtakes a long one, and a key with many recordings gets no more than its share.
 */
const LANE_SIZE = 1_000_000;

/** The priorities of a lane: `before` + 1 to `before` + `size`. */
export interface LaneRange {
  before: number;
  size: number;
}

export const LANE_RANGES: Record<Lane, LaneRange> = {
  interactive: { before: 0, size: LANE_SIZE },
  batch: { before: LANE_SIZE, size: LANE_SIZE },
};

/** A place in a lane, in virtual time; 1 is next. */
export interface Turn {
  start: number;
  /** Of the key; 1 is the default. */
  weight: number;
  /** Unfinished runs of the key, including this one. */
  runs: number;
}

/** Priorities of the jobs of a run, in order. */
export function prioritiesOf(lane: Lane, { start, weight, runs }: Turn, count: number): number[] {
  const { before, size } = LANE_RANGES[lane];
  const distance = Math.max(1, runs) / weight;
  return Array.from({ length: count }, (_, index) => before + Math.min(size, Math.floor(start + index * distance)));
}

/** A run whose windows are done is assembled before anything new is decoded: BullMQ takes 0 first. */
export const ASSEMBLE_PRIORITY = 0;
