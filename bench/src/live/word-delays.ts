import { alignWords, comparableWords } from '@sotto/testkit';

/** The text of a session at a moment, in milliseconds since its first sample was said. */
export interface Snapshot {
  atMs: number;
  /** What does not change any more. */
  final: string;
  /** That, and what may still change. */
  shown: string;
}

/** A word that was said, and when it was over. */
export interface SaidWord {
  word: string;
  endMs: number;
}

/** From the end of each word that was heard rightly to the first text that was long enough to have it, in milliseconds. */
export function wordDelays(said: readonly SaidWord[], told: readonly Snapshot[], kind: 'final' | 'shown'): number[] {
  const texts = told.map((snapshot) => ({ atMs: snapshot.atMs, words: comparableWords(snapshot[kind]) }));
  const heard = texts.at(-1)?.words ?? [];
  const plain = said.map(({ word }) => comparableWords(word).join(''));
  return alignWords(plain, heard).flatMap(([i, j]) => {
    if (i === null || j === null || plain[i] !== heard[j]) return [];
    const first = texts.find(({ words }) => words.length > j);
    return [(first?.atMs ?? 0) - (said[i]?.endMs ?? 0)];
  });
}
