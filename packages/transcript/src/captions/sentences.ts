import type { Transcript, Word } from '@sotto/contracts';
import { spread } from '../word-times.ts';

/** A silence after which words belong to different captions. */
const PAUSE_MS = 1000;

/** Words that end with a full stop and no sentence; lower case, without the stop. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof st jr sr vs etc no vol fig approx e.g i.e z.b d.h bzw usw ca nr sra srta ud uds m mme mlle'.split(
    ' ',
  ),
);

const SENTENCE_END = /(?:[.!?…]|\.{3})["'”’»)\]]*$/u;
const CJK_SENTENCE_END = /[。！？][」』”）]*$/u;

/** All words of a transcript; a segment without words gives its text's, spread over its time. */
export function transcriptWords(transcript: Pick<Transcript, 'segments'>): Word[] {
  return transcript.segments.flatMap(({ words, text, startMs, endMs, confidence }) => {
    if (words.length > 0) return words;
    const texts = (text.match(/\s*\S+/gu) ?? []).map((word) => ({ word, startMs: 0, endMs: 0, confidence }));
    return spread(texts, startMs, endMs).map((word) => ({
      ...word,
      startMs: Math.round(word.startMs),
      endMs: Math.round(word.endMs),
    }));
  });
}

/** Words by sentence; a long pause ends one too. */
export function sentences(words: readonly Word[]): Word[][] {
  const found: Word[][] = [];
  let current: Word[] = [];
  for (const [index, word] of words.entries()) {
    current.push(word);
    const next = words[index + 1];
    if (next !== undefined && !endsSentence(word.word) && next.startMs - word.endMs < PAUSE_MS) continue;
    found.push(current);
    current = [];
  }
  return found;
}

export function endsSentence(word: string): boolean {
  const text = word.trim();
  if (CJK_SENTENCE_END.test(text)) return true;
  if (!SENTENCE_END.test(text)) return false;
  const stem = text.replace(/\.$/, '').toLowerCase();
  // `Mr.`, `J.` and `U.S.` go on; `1.` may be a list's number.
  const isAbbreviation = ABBREVIATIONS.has(stem) || /^\p{L}(?:\.\p{L})*$/u.test(stem) || /^\d+$/.test(stem);
  return !(text.endsWith('.') && isAbbreviation);
}
