import type { Transcript, Word } from '@sotto/contracts';
import { oneLine } from '../one-line.ts';
import { isWrittenUnspaced } from '../scripts.ts';
import { saidBy, speakerOf } from '../speakers/said-by.ts';
import { wordsBySegment } from './transcript-words.ts';

/**
 * The parts between which captions may break a line or end a cue. Words are those; where a script writes no blanks
 * (Han, kana, Thai, Lao, Khmer, Burmese) what the transcript has are characters and tokens, so the words of its language
 * are looked up (Unicode's dictionaries, UAX 29), with their punctuation, and take their times from the characters in
 * them. Joined they are the text, on one line.
 */
export function captionWords({ segments }: Pick<Transcript, 'segments'>): Word[] {
  return wordsBySegment(segments).flatMap((words) =>
    runs(words).flatMap((run) => (isUnspacedRun(run) ? regroup(run) : run)),
  );
}

/** Words that neither a blank nor a change of speaker divides. */
function runs(words: readonly Word[]): Word[][] {
  const found: Word[][] = [];
  // Not looked for in the run, which may be as long as the recording.
  let speaker: number | undefined;
  for (const word of words) {
    const clean = { ...word, word: oneLine(word.word) };
    const run = found.at(-1);
    const isOther = speaker !== undefined && clean.speaker !== undefined && clean.speaker !== speaker;
    if (run === undefined || clean.word.startsWith(' ') || isOther) {
      found.push([clean]);
      speaker = clean.speaker;
    } else {
      run.push(clean);
      speaker ??= clean.speaker;
    }
  }
  return found;
}

const isUnspacedRun = (run: readonly Word[]): boolean => run.some(({ word }) => isWrittenUnspaced(word));

function regroup(run: readonly Word[]): Word[] {
  const clock = new CharacterClock(run);
  let at = 0;
  return dictionaryWords(run.map(({ word }) => word).join('')).map((word) => {
    const startMs = clock.startMs(at);
    at += word.length;
    const endMs = Math.max(startMs, clock.endMs(at));
    return { word, startMs, endMs, confidence: clock.confidence, ...saidBy(speakerOf(run)) };
  });
}

/** The dictionary goes by script; the language has no say in it. */
const SEGMENTER = new Intl.Segmenter('en', { granularity: 'word' });

const OPENING = /^[\s\p{Ps}\p{Pi}¿¡]+$/u;
/** Characters that no line begins with: small kana, length and iteration marks (JLREQ, 3.1.7). */
const NEVER_FIRST = /^[ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶー々〻ゝゞヽヾ\p{M}]/u;
/** A small tsu is half of a sound. */
const NEVER_LAST = /[っッ]$/u;

/**
 * Letters of a script that writes blanks meet: ICU's dictionary takes Hangul in where it is beside Han and may part it.
 */
function partsSpacedLetters(before: string, after: string): boolean {
  const meeting = /[\p{L}\p{N}]\p{M}*$/u.exec(before)?.[0] ?? '';
  const [next = ''] = after;
  return meeting !== '' && /[\p{L}\p{N}]/u.test(next) && !isWrittenUnspaced(meeting) && !isWrittenUnspaced(next);
}

/** Opening marks go with the word after them, all others with the one before. */
function dictionaryWords(text: string): string[] {
  const found: string[] = [];
  let opening = '';
  for (const { segment, isWordLike = false } of SEGMENTER.segment(text)) {
    const before = found.at(-1);
    const continues =
      before !== undefined &&
      opening === '' &&
      (NEVER_FIRST.test(segment) || NEVER_LAST.test(before) || partsSpacedLetters(before, segment));
    if (continues || (!isWordLike && !OPENING.test(segment) && before !== undefined && opening === '')) {
      found[found.length - 1] = before + segment;
    } else if (isWordLike) {
      found.push(opening + segment);
      opening = '';
    } else {
      opening += segment;
    }
  }
  if (opening !== '') found.push((found.pop() ?? '') + opening);
  return found;
}

/** When each character of a run is spoken: a word's time is its characters' in equal shares. */
class CharacterClock {
  readonly confidence: number;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(run: readonly Word[]) {
    this.confidence = Math.min(...run.map(({ confidence }) => confidence));
    for (const { word, startMs, endMs } of run) {
      const msPerUnit = (endMs - startMs) / word.length;
      for (let index = 0; index < word.length; index += 1) {
        this.#starts.push(Math.round(startMs + index * msPerUnit));
        this.#ends.push(Math.round(startMs + (index + 1) * msPerUnit));
      }
    }
  }

  /** Of the character at `offset`, in UTF-16 units. */
  startMs(offset: number): number {
    return this.#starts[offset] ?? 0;
  }

  /** Of the character before `offset`. */
  endMs(offset: number): number {
    return this.#ends[offset - 1] ?? 0;
  }
}
