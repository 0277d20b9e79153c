import type { SpokenWord } from '@sotto/contracts';
import { buildWords, type TimedToken } from '@sotto/transcript';

/**
 * The words of a text as it was written, at the times of the tokens that spell it.
 *
 * @param tokens of the text, each in its place; those of words that a model cannot spell may be missing
 * @returns null where they spell another text
 */
export function writtenWords(
  text: string,
  tokens: readonly TimedToken[],
  language: string | null,
  durationMs: number,
): SpokenWord[] | null {
  const words = buildWords(tokens, language, { startMs: 0, endMs: durationMs });
  if (withoutBlanks(words.map(({ word }) => word).join('')) !== withoutBlanks(text)) return null;
  return words.map((word) => within(word, durationMs));
}

/** The words of a text that takes so long, each as long as it is long to write. */
export function estimatedWords(text: string, language: string | null, durationMs: number): SpokenWord[] {
  const bytes = new TextEncoder().encode(` ${text.trim().replaceAll(/\s+/g, ' ')}`);
  const whole = { id: 0, bytes, probability: 1, startMs: 0, endMs: durationMs };
  return buildWords([whole], language, { startMs: 0, endMs: durationMs }).map((word) => within(word, durationMs));
}

const withoutBlanks = (text: string): string => text.replaceAll(/\s+/g, '');

function within({ word, startMs, endMs }: SpokenWord, durationMs: number): SpokenWord {
  return { word, startMs: Math.min(startMs, durationMs), endMs: Math.min(endMs, durationMs) };
}
