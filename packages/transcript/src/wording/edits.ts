import type { Segment, Word } from '@sotto/contracts';
import { saidBy, speakerOf } from '../speakers/said-by.ts';
import { spread } from '../word-times.ts';

/** A change of a text: what lies between two offsets (UTF-16) gives way to another text. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

/**
 * A segment with another text. Words that no edit touches keep their times; those that replace others share the time of
 * what they replace, one for one where there are as many.
 *
 * @param edits from left to right, without overlap.
 */
export function editSegment(segment: Segment, edits: readonly TextEdit[]): Segment {
  if (edits.length === 0) return segment;
  if (segment.words.length === 0) return { ...segment, text: editText(segment.text, edits) };
  const words = editWords(segment.words, edits);
  return { ...segment, words, text: textOfWords(words) };
}

export function textOfWords(words: readonly Word[]): string {
  return words.map(({ word }) => word).join('');
}

function editText(text: string, edits: readonly TextEdit[]): string {
  let edited = '';
  let at = 0;
  for (const { start, end, text: replacement } of edits) {
    edited += text.slice(at, start) + replacement;
    at = end;
  }
  return edited + text.slice(at);
}

function editWords(words: readonly Word[], edits: readonly TextEdit[]): Word[] {
  const edited: Word[] = [];
  let offset = 0;
  for (let index = 0, next = 0; index < words.length; ) {
    const touched: Word[] = [];
    const touching: TextEdit[] = [];
    const groupStart = offset;
    // A word joins the group as long as an edit that has begun reaches into it; each edit touching it begins in its turn.
    for (let reach = 0; index < words.length; index += 1) {
      const word = words[index] as Word;
      if (touched.length > 0 && offset >= reach) break;
      touched.push(word);
      offset += word.word.length;
      for (let edit = edits[next]; edit !== undefined && edit.start < offset; edit = edits[next]) {
        touching.push({ start: edit.start - groupStart, end: edit.end - groupStart, text: edit.text });
        reach = Math.max(reach, edit.end);
        next += 1;
      }
    }
    edited.push(...(touching.length === 0 ? touched : replaced(touched, editText(textOfWords(touched), touching))));
  }
  return edited;
}

function replaced(words: readonly Word[], text: string): Word[] {
  const texts = text.match(/\s*\S+/gu) ?? [];
  if (texts.length === words.length) return words.map((word, at) => ({ ...word, word: texts[at] ?? '' }));
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return [];
  const confidence = Math.min(...words.map((word) => word.confidence));
  const parts = texts.map((word) => ({ word, startMs: 0, endMs: 0, confidence, ...saidBy(speakerOf(words)) }));
  return spread(parts, first.startMs, last.endMs);
}
