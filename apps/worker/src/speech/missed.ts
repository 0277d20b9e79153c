import type { Span } from '@sotto/contracts';
import { spansMs } from '@sotto/transcript';

/** This much detected speech without a word is no alignment error: the model skipped a phrase. */
const MIN_MISSED_MS = 1500;
/** Errors of both the alignment and the detector are smaller than this. */
const EDGE_MS = 300;
/** No word takes longer; one that seems to was stretched over speech that was skipped. */
const MAX_WORD_MS = 1200;
/** Nobody speaks this fast: several such words in a row were crowded together by the alignment, */
const CROWDED_WORD_MS = 120;
const MIN_CROWDED_WORDS = 3;
/** and were spoken at a normal pace, before or after that place. */
const TALK_WORD_MS = 400;
/** Retranscribed with a little room around it. */
const PAD_MS = 400;

/**
 * Stretches of a window in which speech was detected but no word was transcribed. A model that ends a window early, or
 * begins it late, leaves such a stretch; transcribed by itself, it gives its words.
 * @param words of the window, in order, in the time of the recording
 * @returns for each stretch the spans to retranscribe, within those of the window
 */
export function missedSpeech(spans: readonly Span[], speech: readonly Span[], words: readonly Span[]): Span[][] {
  const heard = speech.flatMap((run) => intersect(spans, run));
  const missed: Span[][] = [];
  for (const gap of gapsBetween(words, spans)) {
    const inGap = intersect(heard, gap);
    if (spansMs(inGap) < MIN_MISSED_MS) continue;
    const startMs = Math.max(gap.startMs - EDGE_MS, (inGap[0]?.startMs ?? 0) - PAD_MS);
    const endMs = Math.min(gap.endMs + EDGE_MS, (inGap.at(-1)?.endMs ?? 0) + PAD_MS);
    missed.push(intersect(spans, { startMs, endMs }));
  }
  return missed;
}

/** What no word is near. */
function gapsBetween(words: readonly Span[], spans: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let fromMs = spans[0]?.startMs ?? 0;
  for (const { startMs, endMs } of [...words.map(shortened), ...crowds(words)].sort((a, b) => a.startMs - b.startMs)) {
    if (startMs - EDGE_MS > fromMs) gaps.push({ startMs: fromMs, endMs: startMs - EDGE_MS });
    fromMs = Math.max(fromMs, endMs + EDGE_MS);
  }
  gaps.push({ startMs: fromMs, endMs: spans.at(-1)?.endMs ?? fromMs });
  return gaps.filter(({ startMs, endMs }) => endMs > startMs);
}

const shortened = ({ startMs, endMs }: Span): Span => ({ startMs, endMs: Math.min(endMs, startMs + MAX_WORD_MS) });

/** Where crowded words may have been spoken. */
function crowds(words: readonly Span[]): Span[] {
  const groups: Span[][] = [[]];
  for (const word of words) {
    if (word.endMs - word.startMs < CROWDED_WORD_MS) groups.at(-1)?.push(word);
    else groups.push([]);
  }
  return groups
    .filter((group) => group.length >= MIN_CROWDED_WORDS)
    .map((group) => {
      const startMs = group[0]?.startMs ?? 0;
      const endMs = group.at(-1)?.endMs ?? startMs;
      const lackingMs = Math.max(0, group.length * TALK_WORD_MS - (endMs - startMs));
      return { startMs: startMs - lackingMs, endMs: endMs + lackingMs };
    });
}

function intersect(spans: readonly Span[], { startMs, endMs }: Span): Span[] {
  return spans
    .map((span) => ({ startMs: Math.max(span.startMs, startMs), endMs: Math.min(span.endMs, endMs) }))
    .filter((span) => span.endMs > span.startMs);
}
