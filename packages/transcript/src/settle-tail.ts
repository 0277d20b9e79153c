import { type Bounds, spread } from './word-times.ts';

interface Timed extends Bounds {
  word: string;
}

/** OpenAI's cap on what a usual word lasts (`word_timestamps` of openai/whisper). */
const MAX_USUAL_MS = 700;
/** A last word shorter than this share of a usual one was cut off. */
const CUT_OFF = 0.75;
/** Words before it that are shorter than this share were squeezed. */
const SQUEEZED = 0.4;
const STRETCHED = 2;

/**
 * Alignment finds the end of a word by the start of the next; at the end of a segment it guesses. There it may squeeze the
 * last words into nothing, cut the last one off, or stretch it through the pause. Judged by how long words of this segment
 * usually last, squeezed words are spread over what the segment leaves them, and the last one gets a usual end. Fewer than
 * three words tell nothing.
 *
 * @param segmentEndMs where the model says that the segment ends.
 */
export function settleTail<T extends Timed>(words: readonly T[], segmentEndMs: number): T[] {
  const last = words.at(-1);
  if (last === undefined || words.length < 3) return [...words];
  const usualMs = Math.min(MAX_USUAL_MS, median(words.slice(0, -1).map(lengthOf)));
  if (lengthOf(last) > usualMs * STRETCHED && usualMs > 0) {
    return [...words.slice(0, -1), { ...last, endMs: last.startMs + usualMs * STRETCHED }];
  }
  if (lengthOf(last) >= usualMs * CUT_OFF) return [...words];
  const from =
    words.findLastIndex((word, index) => index < words.length - 1 && lengthOf(word) >= usualMs * SQUEEZED) + 1;
  return [...words.slice(0, from), ...widened(words.slice(from), usualMs, segmentEndMs)];
}

/** One word gets its usual end; several share what there is, up to twice what they would usually take. */
function widened<T extends Timed>(tail: readonly T[], usualMs: number, segmentEndMs: number): T[] {
  const startMs = tail[0]?.startMs ?? 0;
  const wantedMs = startMs + usualMs * (tail.length === 1 ? 1 : tail.length * 2);
  const endMs = Math.min(wantedMs, segmentEndMs);
  if (endMs <= (tail.at(-1)?.endMs ?? 0)) return [...tail];
  return spread(tail, startMs, endMs);
}

function lengthOf({ startMs, endMs }: Bounds): number {
  return endMs - startMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
