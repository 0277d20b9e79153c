import type { Turn } from './turn.ts';

/** A stretch of a recording, in seconds. */
export interface Stretch {
  start: number;
  end: number;
}

/** So much before and after what a detector finds still is speech: it begins late where a voice is soft, and ends about when it should. */
const BEFORE_SECONDS = 0.2;
const AFTER_SECONDS = 0.1;

/**
 * Turns without the pauses in them: the segmentation network goes on over rests of half a second and more, a detector of speech
 * does not.
 * @param turns by start @param speech in order
 */
export function withinSpeech(turns: readonly Turn[], speech: readonly Stretch[]): Turn[] {
  const heard = widened(speech);
  const kept: Turn[] = [];
  let first = 0;
  for (const turn of turns) {
    while ((heard[first]?.end ?? Number.POSITIVE_INFINITY) <= turn.start) first += 1;
    for (let at = first; at < heard.length; at += 1) {
      const { start, end } = heard[at] ?? turn;
      if (start >= turn.end) break;
      kept.push({ ...turn, start: Math.max(turn.start, start), end: Math.min(turn.end, end) });
    }
  }
  return kept;
}

/** Stretches that meet become one. */
function widened(speech: readonly Stretch[]): Stretch[] {
  const wide: Stretch[] = [];
  for (const { start, end } of speech) {
    const [from, to] = [start - BEFORE_SECONDS, end + AFTER_SECONDS];
    const last = wide.at(-1);
    if (last !== undefined && from <= last.end) last.end = Math.max(last.end, to);
    else wide.push({ start: from, end: to });
  }
  return wide;
}
