import type { Transcript, Word } from '@sotto/contracts';
import { oneLine } from '../one-line.ts';
import { displayWidth } from '../scripts.ts';
import { balance, wrap } from './lines.ts';
import { sentences, transcriptWords } from './sentences.ts';

/** One caption: what stands on the screen from `startMs` to `endMs`. Lines hold no line breaks and are never empty. */
export interface Cue {
  startMs: number;
  endMs: number;
  lines: string[];
}

export interface CueOptions {
  /** Columns; East Asian wide characters take two. */
  maxLineWidth: number;
  maxLines: number;
  /** A longer sentence is divided even if it has room. */
  maxCueMs: number;
  /** A shorter cue stays longer where the next one leaves room, and short sentences share one. */
  minCueMs: number;
}

/** What subtitle guides agree on (two lines of 42, one to seven seconds). */
export const DEFAULT_CUE_OPTIONS: CueOptions = { maxLineWidth: 42, maxLines: 2, maxCueMs: 7_000, minCueMs: 1_000 };

/** Captions sentence by sentence; long ones divided where it reads best; words never broken. */
export function shapeCues(transcript: Transcript, options: CueOptions = DEFAULT_CUE_OPTIONS): Cue[] {
  const spoken = sentences(transcriptWords(transcript));
  const groups = joinShort(
    spoken.flatMap((sentence) => divide(sentence, options)),
    options,
  );
  return settleCues(
    groups.map((group) => cueOf(group, options)),
    transcript.durationMs,
    options.minCueMs,
  );
}

/** One cue per word. */
export function wordCues(transcript: Transcript): Cue[] {
  const cues = transcriptWords(transcript).map(({ word, startMs, endMs }) => ({
    startMs,
    endMs,
    lines: [oneLine(word).trim()],
  }));
  return settleCues(
    cues.filter(({ lines: [line = ''] }) => line !== ''),
    transcript.durationMs,
    0,
  );
}

function textsOf(words: readonly Word[]): string[] {
  return words.map(({ word }) => oneLine(word));
}

function cueOf(words: readonly Word[], { maxLineWidth }: CueOptions): Cue {
  return { ...extent(words), lines: balance(textsOf(words), maxLineWidth) };
}

function extent(words: readonly Word[]): { startMs: number; endMs: number } {
  return { startMs: words[0]?.startMs ?? 0, endMs: words.at(-1)?.endMs ?? 0 };
}

function fits(words: readonly Word[], options: CueOptions): boolean {
  const { startMs, endMs } = extent(words);
  return endMs - startMs <= options.maxCueMs && wrap(textsOf(words), options.maxLineWidth).length <= options.maxLines;
}

/** Halves until it fits, cutting where the parts are alike, a clause ends or the speaker rests. */
function divide(words: readonly Word[], options: CueOptions): Word[][] {
  if (words.length < 2 || fits(words, options)) return words.length > 0 ? [[...words]] : [];
  const widths = words.map(({ word }) => displayWidth(oneLine(word)));
  const total = widths.reduce((sum, width) => sum + width, 0);
  let best = 1;
  let bestCost = Number.POSITIVE_INFINITY;
  let before = 0;
  for (let at = 1; at < words.length; at += 1) {
    before += widths[at - 1] ?? 0;
    const cost = Math.abs(2 * before - total) / total - cutBonus(words, at);
    if (cost < bestCost) [best, bestCost] = [at, cost];
  }
  return [...divide(words.slice(0, best), options), ...divide(words.slice(best), options)];
}

/** How good a cut before word `at` is, as a share of imbalance it may cost. */
function cutBonus(words: readonly Word[], at: number): number {
  const before = words[at - 1];
  const after = words[at];
  if (before === undefined || after === undefined) return 0;
  const isClauseEnd = /[,;:—–、，；：][”"')\]]*$/u.test(before.word.trim());
  const restMs = after.startMs - before.endMs;
  return (isClauseEnd ? 0.5 : 0) + Math.min(restMs, 1_000) / 2_000;
}

/** A group too short to read takes the next one in, if both fit in one cue and the speaker hardly rested. */
function joinShort(groups: readonly Word[][], options: CueOptions): Word[][] {
  const joined: Word[][] = [];
  for (const group of groups) {
    const before = joined.at(-1);
    if (before === undefined || !belongTogether(before, group, options)) joined.push([...group]);
    else before.push(...group);
  }
  return joined;
}

function belongTogether(before: readonly Word[], group: readonly Word[], options: CueOptions): boolean {
  const [a, b] = [extent(before), extent(group)];
  const isShort = Math.min(a.endMs - a.startMs, b.endMs - b.startMs) < options.minCueMs;
  return isShort && b.startMs - a.endMs < options.minCueMs / 2 && fits([...before, ...group], options);
}

/** Cues that follow each other: none empty, none overlapping, short ones prolonged into the silence after them. */
function settleCues(cues: readonly Cue[], durationMs: number, minCueMs: number): Cue[] {
  let floorMs = 0;
  return cues.map((cue, index) => {
    const startMs = Math.max(cue.startMs, floorMs);
    const limitMs = Math.max(cues[index + 1]?.startMs ?? durationMs, cue.endMs);
    const wantedMs = Math.min(startMs + minCueMs, limitMs);
    const endMs = Math.max(startMs + 1, cue.endMs, wantedMs);
    floorMs = endMs;
    return { ...cue, startMs, endMs };
  });
}
