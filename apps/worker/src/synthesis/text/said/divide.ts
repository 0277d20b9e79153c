import type { Alignment, SaidText } from './said-text.ts';

/**
 * The text in parts, each without white space around it.
 *
 * @param ends offsets into `spoken` where the parts end, ascending; the last part ends with the text
 */
export function divide(text: SaidText, ends: readonly number[]): SaidText[] {
  const parts: SaidText[] = [];
  let next = 0;
  let from = { shown: 0, spoken: 0 };
  for (const end of [...ends, text.spoken.length]) {
    const first = next;
    while (text.alignment[next] && (text.alignment[next]?.spokenStart ?? 0) < end) next += 1;
    const last = text.alignment[next - 1];
    const to = { shown: end === text.spoken.length ? text.shown.length : shownOffset(last, end), spoken: end };
    parts.push(trimmed(part(text, from, to, text.alignment.slice(first, next))));
    from = to;
  }
  return parts;
}

interface Offsets {
  shown: number;
  spoken: number;
}

/** What is written for a change that is cut in two stays whole, in the first part. */
function shownOffset(last: Alignment | undefined, spoken: number): number {
  if (!last) return spoken;
  return last.shownEnd + Math.max(0, spoken - last.spokenEnd);
}

function part(text: SaidText, from: Offsets, to: Offsets, alignment: readonly Alignment[]): SaidText {
  return {
    shown: text.shown.slice(from.shown, to.shown),
    spoken: text.spoken.slice(from.spoken, to.spoken),
    alignment: alignment.map((one) => ({
      shownStart: one.shownStart - from.shown,
      shownEnd: one.shownEnd - from.shown,
      spokenStart: one.spokenStart - from.spoken,
      spokenEnd: Math.min(one.spokenEnd, to.spoken) - from.spoken,
    })),
  };
}

function trimmed({ shown, spoken, alignment }: SaidText): SaidText {
  const shownBefore = shown.length - shown.trimStart().length;
  const spokenBefore = spoken.length - spoken.trimStart().length;
  const texts = { shown: shown.trim(), spoken: spoken.trim() };
  const inShown = (offset: number) => Math.min(Math.max(0, offset - shownBefore), texts.shown.length);
  const inSpoken = (offset: number) => Math.min(Math.max(0, offset - spokenBefore), texts.spoken.length);
  return {
    ...texts,
    alignment: alignment.map((one) => ({
      shownStart: inShown(one.shownStart),
      shownEnd: inShown(one.shownEnd),
      spokenStart: inSpoken(one.spokenStart),
      spokenEnd: inSpoken(one.spokenEnd),
    })),
  };
}
