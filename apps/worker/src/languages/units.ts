import type { Span, Window } from '@sotto/contracts';
import type { SpokenSpan } from '@sotto/queue';
import { spansMs } from '@sotto/transcript';

/** A stretch of speech whose language is detected by itself. */
export interface LanguageUnit {
  /** Index of its window. */
  window: number;
  /** What of the window belongs to it: units of a window cover all of its spans. */
  spans: Span[];
  speechMs: number;
}

/** Shorter ones are not divided further, but at a long pause: Whisper recognises languages by a few words. */
const ENOUGH_MS = 7_000;
/** Whoever pauses for so long may go on in another language, or somebody else does. */
const LONG_PAUSE_MS = 1_000;
/** Nothing shorter stands alone. */
const LEAST_MS = 1_000;

/**
 * Divides windows at pauses into units of some seconds: languages rarely change within a phrase.
 * @param speech of the recording, sorted, in no channel overlapping; undefined: nobody looked for it, and windows stay whole.
 */
export function languageUnits(windows: readonly Window[], speech: readonly SpokenSpan[] | undefined): LanguageUnit[] {
  return windows.flatMap(({ index, spans, channel }) => {
    const own = speech?.filter((spoken) => spoken.channel === channel) ?? [];
    const within = spans.flatMap((span) => clipped(own, span));
    if (within.length === 0) return [{ window: index, spans, speechMs: spansMs(spans) }];
    const parts = divided(within);
    const cuts = parts.slice(1).map((part, at) => middleOf(parts[at]?.at(-1), part[0]));
    const edges = [Number.NEGATIVE_INFINITY, ...cuts, Number.POSITIVE_INFINITY];
    return parts.map((part, at) => ({
      window: index,
      spans: clipped(spans, { startMs: edges[at] ?? 0, endMs: edges[at + 1] ?? 0 }),
      speechMs: spansMs(part),
    }));
  });
}

/** At the longest pause, again and again, as long as a part is long or has a long pause. */
function divided(speech: readonly Span[]): (readonly Span[])[] {
  const totalMs = spansMs(speech);
  let longest: { at: number; pauseMs: number } | null = null;
  let beforeMs = 0;
  for (let at = 1; at < speech.length; at += 1) {
    const [before, after] = [speech[at - 1], speech[at]];
    if (before === undefined || after === undefined) break;
    beforeMs += before.endMs - before.startMs;
    const pauseMs = after.startMs - before.endMs;
    if (Math.min(beforeMs, totalMs - beforeMs) < LEAST_MS || pauseMs <= (longest?.pauseMs ?? -1)) continue;
    longest = { at, pauseMs };
  }
  if (longest === null || (totalMs <= ENOUGH_MS && longest.pauseMs < LONG_PAUSE_MS)) return [speech];
  return [...divided(speech.slice(0, longest.at)), ...divided(speech.slice(longest.at))];
}

function clipped(spans: readonly Span[], { startMs, endMs }: Span): Span[] {
  return spans
    .map((span) => ({ startMs: Math.max(span.startMs, startMs), endMs: Math.min(span.endMs, endMs) }))
    .filter((span) => span.endMs > span.startMs);
}

const middleOf = (before: Span | undefined, after: Span | undefined) =>
  Math.round(((before?.endMs ?? 0) + (after?.startMs ?? 0)) / 2);
