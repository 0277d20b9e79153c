import type { Word } from '@sotto/contracts';
import { wordsOf } from '../captions/transcript-words.ts';
import { saidBy } from '../speakers/said-by.ts';
import { type Draft, invalidEdit } from './draft.ts';
import type { EditedSegment } from './edited-segment.ts';
import { saidIn, withWords } from './segment-words.ts';
import { runTogether } from './typed-texts.ts';

/** @param madeId of the second part; the first keeps its own */
export function splitSegment(draft: Draft, id: string, atWord: number, madeId: string): void {
  const found = draft.findKept(id);
  const words = wordsOf(found.segment);
  const [first, second] = [words.slice(0, atWord), words.slice(atWord)];
  if (second.length === 0) throw invalidEdit(`Segment ${id} has ${words.length} words: none is before word ${atWord}.`);
  draft.replace(
    found,
    { ...withWords(found.segment, first), endMs: first.at(-1)?.endMs ?? found.segment.endMs },
    { ...withWords(found.segment, second), id: madeId, startMs: second[0]?.startMs ?? found.segment.startMs },
  );
}

/** What the model thought of a text stays that of the first. */
export function mergeSegments(draft: Draft, id: string): void {
  const found = draft.findKept(id);
  const next = draft.findNext(found);
  const [first, second] = [found.segment, next.segment];
  const speaker = first.speaker ?? second.speaker;
  const words = joined(said(first, speaker), said(second, speaker), [id, second.id]);
  draft.replace(next);
  draft.replace(found, {
    ...withWords(first, words),
    ...saidBy(speaker),
    startMs: Math.min(first.startMs, second.startMs),
    endMs: Math.max(first.endMs, second.endMs),
    flags: [...new Set([...first.flags, ...second.flags])],
  });
}

/** Words go over to whoever says the segment that they come to. */
export function moveBoundary(draft: Draft, id: string, count: number): void {
  const found = draft.findKept(id);
  const next = draft.findNext(found);
  const [first, second] = [found.segment, next.segment];
  const [before, after] = [wordsOf(first), wordsOf(second)];
  const [giving, given] = count > 0 ? [second, after] : [first, before];
  if (given.length <= Math.abs(count)) {
    throw invalidEdit(`Segment ${giving.id} has ${given.length} words, of which at least one must stay.`);
  }
  const ids: [string, string] = [first.id, second.id];
  const cut = count > 0 ? count : before.length + count;
  const [moved, rest] = count > 0 ? [after.slice(0, cut), after.slice(cut)] : [before.slice(cut), before.slice(0, cut)];
  const left = count > 0 ? joined(before, saidIn(moved, first.speaker), ids) : rest;
  const right = count > 0 ? rest : joined(saidIn(moved, second.speaker), after, ids);
  draft.replace(next, { ...withWords(second, right), startMs: right[0]?.startMs ?? second.startMs });
  draft.replace(found, { ...withWords(first, left), endMs: left.at(-1)?.endMs ?? first.endMs });
}

/** The words of a segment, all of them of its new speaker where that is another. */
function said(segment: EditedSegment, speaker: number | undefined): Word[] {
  const words = wordsOf(segment);
  return segment.speaker === speaker ? words : saidIn(words, speaker);
}

/** Words of two segments in one: people who talk at once cannot be. */
function joined(before: readonly Word[], after: readonly Word[], [first, second]: [string, string]): Word[] {
  const [last, next, ...rest] = [before.at(-1), ...after];
  if (last === undefined || next === undefined) return [...before, ...after];
  if (next.startMs < last.endMs) {
    throw invalidEdit(`Segment ${second} begins before segment ${first} has ended: they are said at the same time.`);
  }
  return [...before, runTogether(last.word, next.word) ? { ...next, word: ` ${next.word}` } : next, ...rest];
}
