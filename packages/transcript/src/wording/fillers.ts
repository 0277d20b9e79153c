import type { TextEdit } from './edits.ts';
import { blankBefore } from './replacements.ts';
import { startsSentence, tokensOf } from './tokens.ts';

/** Words that fill a pause and mean nothing else in their language ("eh" asks, "mhm" agrees: they are not here). */
const FILLERS: Readonly<Record<string, string>> = {
  en: 'um umm uh uhh uhm er erm hm hmm',
  de: 'äh ähh ähm öh öhm hm hmm',
  es: 'em ehm eeh mmm',
  fr: 'euh heu hum hm',
  it: 'ehm uhm mmm',
  pt: 'hum ehm',
  nl: 'eh ehm uh uhm euh hm',
  sv: 'öh öhm eh ehm hm',
  da: 'øh øhm hm',
  pl: 'yyy eee hm',
};
const FILLERS_BY_LANGUAGE = new Map(Object.entries(FILLERS).map(([code, list]) => [code, new Set(list.split(' '))]));

/** Leaves filler words out, with the comma or dots behind them; what begins a sentence then is capitalised. */
export function fillerEdits(text: string, language: string | null): TextEdit[] {
  const fillers = FILLERS_BY_LANGUAGE.get(language ?? '');
  if (fillers === undefined) return [];
  const edits: TextEdit[] = [];
  let hasLostStart = false;
  for (const { text: token, start, end } of tokensOf(text)) {
    const leftTo = edits.at(-1)?.end ?? 0;
    if (fillers.has(token.toLowerCase()) && !isHyphenated(text, start, end)) {
      hasLostStart ||= startsSentence(text, start);
      const lost = around(text, start, end, hasLostStart);
      edits.push({ start: Math.max(leftTo, lost.start), end: lost.end, text: '' });
    } else if (hasLostStart && start >= leftTo) {
      const first = token.charAt(0);
      const capital = first.toLocaleUpperCase(language ?? undefined);
      if (capital !== first) edits.push({ start, end: start + 1, text: capital });
      hasLostStart = false;
    }
  }
  return edits;
}

/** `uh-huh` is a word. */
function isHyphenated(text: string, start: number, end: number): boolean {
  return /^\p{Pd}\p{L}/u.test(text.slice(end)) || /\p{L}\p{Pd}$/u.test(text.slice(0, start));
}

/** With the blanks before it and the punctuation that was only there because of it. */
function around(text: string, start: number, end: number, isSentenceStart: boolean): Omit<TextEdit, 'text'> {
  const before = blankBefore(text, start);
  const behind = text.slice(end);
  // A sentence of nothing else goes with its full stop.
  if (isSentenceStart)
    return { start: before, end: end + (/^(?:[,;:]|\.+|…|\s*[–—])+/u.exec(behind)?.[0].length ?? 0) };
  const pause = /^(?:[,;:]|\.{2,}|…|\s*[–—])/u.exec(behind)?.[0].length ?? 0;
  const isLast = pause === 0 && /^(?:\p{Sentence_Terminal}|$)/u.test(behind);
  return { start: isLast && text.charAt(before - 1) === ',' ? before - 1 : before, end: end + pause };
}
