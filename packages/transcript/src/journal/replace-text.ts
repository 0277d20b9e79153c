import type { ReplaceText } from '@sotto/contracts';
import { wordsOf } from '../captions/transcript-words.ts';
import { type Draft, invalidEdit } from './draft.ts';
import { withWords } from './segment-words.ts';
import { timedWords } from './timed-words.ts';
import { placeIn, typedTexts, wordsAfter } from './typed-texts.ts';

/** What people have typed is sure, and nothing speaks against it any more. */
export function replaceText(draft: Draft, { segment: id, from_word, to_word, text }: ReplaceText): void {
  const found = draft.findKept(id);
  const words = wordsOf(found.segment);
  if (from_word > to_word || to_word > words.length) {
    throw invalidEdit(`Segment ${id} has ${words.length} words: none from ${from_word} to ${to_word}.`);
  }
  const place = placeIn(words, from_word, to_word);
  const texts = typedTexts(text, place);
  const typed = timedWords(texts, place, found.segment);
  const edited = withWords(found.segment, [...place.before, ...typed, ...wordsAfter(text, texts, place)]);
  draft.replace(found, { ...edited, flags: [], confidence: meanConfidence(edited.words) ?? edited.confidence });
}

function meanConfidence(words: readonly { confidence: number }[]): number | undefined {
  if (words.length === 0) return undefined;
  return words.reduce((sum, { confidence }) => sum + confidence, 0) / words.length;
}
