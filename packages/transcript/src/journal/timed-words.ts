import type { Segment, Word } from '@sotto/contracts';
import { diffArrays } from 'diff';
import { saidBy } from '../speakers/said-by.ts';
import { spread } from '../word-times.ts';
import type { Place } from './typed-texts.ts';

type Saying = Pick<Segment, 'startMs' | 'endMs' | 'speaker'>;

/** About how long people take for a character. */
const MS_PER_CHARACTER = 70;
/** Texts that differ in more words are not compared word by word. */
const MAX_DIFFERENCES = 400;

/**
 * Typed words with their times. Those that were there before keep theirs. Those that replace others share the time of what they
 * replace, one for one where there are as many. Others get what they would take to be said, if the pause there is so long.
 * Where nothing was said before, they get all of the segment.
 */
export function timedWords(texts: readonly string[], { before, replaced, after }: Place, segment: Saying): Word[] {
  if (before.length + replaced.length + after.length === 0) return spreadOver(texts, segment, segment);
  const timed: Word[] = [];
  for (const { removed, added, kept } of changes(replaced, texts)) {
    const last = timed.at(-1) ?? before.at(-1);
    const next = kept[0] ?? after[0];
    timed.push(
      ...(removed.length > 0 ? inPlaceOf(removed, added, segment) : inPause(added, last, next, segment)),
      ...kept,
    );
  }
  return timed;
}

/** Words that others replace, and those behind them that stay. */
interface Change {
  removed: Word[];
  added: string[];
  kept: Word[];
}

function changes(words: readonly Word[], texts: readonly string[]): Change[] {
  const found: Change[] = [];
  let at = 0;
  for (const { added, removed, value } of differences(
    words.map(({ word }) => word),
    texts,
  )) {
    let change = found.at(-1);
    if (change === undefined || change.kept.length > 0) {
      change = { removed: [], added: [], kept: [] };
      found.push(change);
    }
    if (added) {
      change.added.push(...value);
    } else {
      (removed ? change.removed : change.kept).push(...words.slice(at, at + value.length));
      at += value.length;
    }
  }
  return found;
}

function differences(before: string[], after: readonly string[]) {
  return (
    diffArrays(before, [...after], { maxEditLength: MAX_DIFFERENCES }) ?? [
      { removed: true, added: false, value: before },
      { removed: false, added: true, value: [...after] },
    ]
  );
}

function inPlaceOf(words: readonly Word[], texts: readonly string[], segment: Saying): Word[] {
  const isEven = words.length === texts.length;
  const startMs = words[0]?.startMs ?? segment.startMs;
  const endMs = words.at(-1)?.endMs ?? startMs;
  if (!isEven) return spreadOver(texts, { startMs, endMs }, segment);
  return words.map((word, at) => ({ ...word, ...saidBy(segment.speaker), word: texts[at] ?? '', confidence: 1 }));
}

/** Right behind the word before; at the beginning of a segment, right before the next one. */
function inPause(texts: readonly string[], last: Word | undefined, next: Word | undefined, segment: Saying): Word[] {
  const fromMs = last?.endMs ?? segment.startMs;
  const toMs = Math.max(fromMs, next?.startMs ?? segment.endMs);
  const characters = texts.join('').length;
  const takesMs = Math.min(toMs - fromMs, characters * MS_PER_CHARACTER);
  const startMs = last === undefined ? toMs - takesMs : fromMs;
  return spreadOver(texts, { startMs, endMs: startMs + takesMs }, segment);
}

function spreadOver(texts: readonly string[], span: Pick<Word, 'startMs' | 'endMs'>, { speaker }: Saying): Word[] {
  const words = texts.map((word) => ({ word, startMs: 0, endMs: 0, confidence: 1, ...saidBy(speaker) }));
  return spread(words, span.startMs, span.endMs);
}
