import type { Transcript, Word } from '@sotto/contracts';
import { z } from 'zod';

const seconds = z.number().min(0);

export const wordSchema = z.object({
  word: z.string().meta({ description: 'In lower case, without punctuation.' }),
  start: seconds,
  end: seconds,
  confidence: z.number().min(0).max(1),
  punctuated_word: z.string().optional(),
  language: z.string().optional(),
  speaker: z.int().min(0).optional(),
  speaker_confidence: z.number().optional(),
});
export type DeepgramWord = z.infer<typeof wordSchema>;

/** What is the same for all words of an answer. */
export interface WordStyle {
  /** Punctuation and capital letters. */
  isPunctuated: boolean;
  /** Whether words say who says them. */
  hasSpeakers: boolean;
}

export function deepgramWord(
  { word, startMs, endMs, confidence, speaker }: Word,
  { isPunctuated, hasSpeakers }: WordStyle,
): DeepgramWord {
  return {
    word: bareWord(word),
    start: secondsOf(startMs),
    end: secondsOf(endMs),
    confidence: rounded(confidence),
    ...(isPunctuated && { punctuated_word: word.trim() }),
    ...(hasSpeakers && speaker !== undefined && { speaker }),
  };
}

/** What words say, as one text. */
export function textOfWords(words: readonly Pick<Word, 'word'>[], { isPunctuated }: Pick<WordStyle, 'isPunctuated'>) {
  const texts = words.map(({ word }) => (isPunctuated ? word : `${/^\s*/.exec(word)?.[0] ?? ''}${bareWord(word)}`));
  return texts.join('').trim();
}

/** In lower case, without the punctuation around it; what is nothing but punctuation stays. */
export function bareWord(word: string): string {
  const text = word.trim().toLowerCase();
  return text.replace(/^[\p{P}\s]+|[\p{P}\s]+$/gu, '') || text;
}

/** Of several words: their mean; 0 where there is none. */
export function confidenceOf(words: readonly Pick<Word, 'confidence'>[]): number {
  if (words.length === 0) return 0;
  return rounded(words.reduce((sum, { confidence }) => sum + confidence, 0) / words.length);
}

export const secondsOf = (ms: number): number => Math.round(ms) / 1000;

export const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** As the service knows it: the model's name, its version that of the service. */
export function modelInfoOf({ model }: Pick<Transcript, 'model'>, version: string) {
  return { name: model, version, arch: 'whisper' };
}
