import type { Span } from '@sotto/contracts';
import { spansMs } from '@sotto/transcript';

/** So much detected speech in a row without a word is no slip of alignment: the model passed over a phrase. */
const MIN_MISSED_MS = 1500;
/** Alignment and detector are both off by less than this. */
const EDGE_MS = 300;
/** No word takes longer; one that seems to was stretched over what was passed over. */
const MAX_WORD_MS = 1200;
/** Nobody speaks this fast: a row of such words was bunched up by the alignment, */
const CROWDED_WORD_MS = 120;
const CROWDED_ROW = 3;
/** and was said at the pace of talk, to one side or the other. */
const TALK_WORD_MS = 400;
/** Heard again with a little room around it. */
const PAD_MS = 400;

/**
 * Stretches of a window in which speech was detected and no word is. A model that ends a window early, or begins it late,
 * leaves such a stretch: what is said there can be had by asking for it alone.
 * @param words of the window, in order, in the time of the recording
 * @returns for each stretch the spans to hear again, inside the window's own
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

/** What lies out of reach of any word. */
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

/** Where the words of crowded rows may have been said. */
function crowds(words: readonly Span[]): Span[] {
  const rows: Span[][] = [[]];
  for (const word of words) {
    if (word.endMs - word.startMs < CROWDED_WORD_MS) rows.at(-1)?.push(word);
    else rows.push([]);
  }
  return rows
    .filter((row) => row.length >= CROWDED_ROW)
    .map((row) => {
      const startMs = row[0]?.startMs ?? 0;
      const endMs = row.at(-1)?.endMs ?? startMs;
      const lackingMs = Math.max(0, row.length * TALK_WORD_MS - (endMs - startMs));
      return { startMs: startMs - lackingMs, endMs: endMs + lackingMs };
    });
}

function intersect(spans: readonly Span[], { startMs, endMs }: Span): Span[] {
  return spans
    .map((span) => ({ startMs: Math.max(span.startMs, startMs), endMs: Math.min(span.endMs, endMs) }))
    .filter((span) => span.endMs > span.startMs);
}
