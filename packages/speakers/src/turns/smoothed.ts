import { byTime, type Turn } from './turn.ts';

/** Shorter pauses are none, and shorter turns say nothing. */
const LEAST_PAUSE_SECONDS = 0.3;
const LEAST_TURN_SECONDS = 0.2;

/** Turns of one speaker with hardly a pause between them are one; what is very short and by itself is left out. @returns by time */
export function smoothed(turns: readonly Turn[]): Turn[] {
  const last = new Map<number, Turn>();
  const joined: Turn[] = [];
  for (const turn of turns.toSorted(byTime)) {
    const before = last.get(turn.speaker);
    if (before !== undefined && turn.start - before.end < LEAST_PAUSE_SECONDS) {
      before.end = Math.max(before.end, turn.end);
      continue;
    }
    const own = { ...turn };
    last.set(turn.speaker, own);
    joined.push(own);
  }
  return joined.filter(({ start, end }) => end - start >= LEAST_TURN_SECONDS);
}
