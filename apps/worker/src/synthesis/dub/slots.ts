import type { TextPiece } from '@sotto/contracts';

type Slot = NonNullable<TextPiece['slot']>;

/** How much a voice is slowed down or sped up for the sake of its slot: beyond, it is noticed before the words are. */
const SLOWEST = 0.8;
const FASTEST = 1.3;
/** What is off by less is not spoken again. */
const NEAR_ENOUGH = 0.04;

/** By how much what takes so long has to be sped up to take as long as its slot; 1: not at all. */
export function fittingSpeed(durationMs: number, { startMs, endMs }: Slot): number {
  if (durationMs <= 0) return 1;
  const needed = endMs > startMs ? durationMs / (endMs - startMs) : FASTEST;
  const speed = Math.min(FASTEST, Math.max(SLOWEST, needed));
  return Math.abs(speed - 1) <= NEAR_ENOUGH ? 1 : speed;
}

/** The time of a line, divided among what is said of it one after the other, as long as it is long to say. */
export function shareSlot({ startMs, endMs }: Slot, lengths: readonly number[]): Slot[] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let before = 0;
  const at = (length: number) => Math.round(startMs + ((endMs - startMs) * length) / Math.max(1, total));
  return lengths.map((length) => {
    const slot = { startMs: at(before), endMs: at(before + length) };
    before += length;
    return slot;
  });
}

export interface Placed {
  /** When each is heard. */
  startsMs: number[];
  /** Of those that are over later than their slot. */
  late: number;
}

/** How much later than its slot something may end before it counts as late. */
const TOLERANCE_MS = 150;

/**
 * Each begins when its slot does, or when what is before it is over: what is late catches up in the next pause, and nobody is
 * heard at the same time as somebody else.
 */
export function placeInSlots(pieces: readonly { slot: Slot; durationMs: number }[]): Placed {
  const startsMs: number[] = [];
  let late = 0;
  let overMs = 0;
  for (const { slot, durationMs } of pieces) {
    const startMs = Math.max(slot.startMs, overMs);
    startsMs.push(startMs);
    overMs = startMs + durationMs;
    if (overMs > slot.endMs + TOLERANCE_MS) late += 1;
  }
  return { startsMs, late };
}
