import { seededRandom } from './pcm.ts';
import type { Voice } from './speech.ts';

export type NanoLanguage = 'en' | 'es' | 'de';

/** The whole vocabulary of sotto-nano. */
export const NANO_WORDS: Record<NanoLanguage, readonly string[]> = {
  en: (
    'zero one two three four five six seven eight nine ten hello world yes no red green blue black white monday tuesday ' +
    'wednesday thursday friday stop go left right up down good morning thank you please open close the'
  ).split(' '),
  es: 'cero uno dos tres cuatro cinco seis siete ocho nueve diez'.split(' '),
  de: 'null eins zwei drei vier fünf sechs sieben acht neun zehn'.split(' '),
};

const PLAIN_VOICES: Record<NanoLanguage, readonly string[]> = { en: ['en-us', 'en-gb'], es: ['es'], de: ['de'] };

/** The voices sotto-nano was trained on; others are out of its world. */
export const NANO_VOICES: Record<NanoLanguage, readonly string[]> = {
  en: withVariants(PLAIN_VOICES.en),
  es: withVariants(PLAIN_VOICES.es),
  de: withVariants(PLAIN_VOICES.de),
};

export interface NanoUtterance extends Required<Voice> {
  text: string;
  language: NanoLanguage;
  /** English for Spanish and German digits; the text itself for English. */
  translation: string;
}

/** What it was trained to hear well (its card): speeds 115-175, pitches 30-70. */
const SPEED = { from: 115, to: 175 };
const PITCH = { from: 30, to: 70 };

/**
 * `count` utterances in turn through the languages, reproducible by seed. No word comes twice in one of them: sotto-nano
 * cannot tell which of two equal words comes next.
 */
export function nanoUtterances(
  count: number,
  { seed = 1, minWords = 3, maxWords = 6, languages = ['en', 'es', 'de'] as NanoLanguage[] } = {},
): NanoUtterance[] {
  const random = seededRandom(seed);
  const between = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  const pick = <T>(items: readonly T[], fallback: T): T => items[between(0, items.length - 1)] ?? fallback;
  return Array.from({ length: count }, (_, index) => {
    const language = languages[index % languages.length] ?? 'en';
    const words = shuffled(NANO_WORDS[language], random).slice(0, between(minWords, maxWords));
    return {
      text: words.join(' '),
      language,
      translation: words.map((word) => translate(word, language)).join(' '),
      voice: pick(NANO_VOICES[language], 'en-us'),
      speed: between(SPEED.from, SPEED.to),
      pitch: between(PITCH.from, PITCH.to),
    };
  });
}

function translate(word: string, language: NanoLanguage): string {
  return language === 'en' ? word : (NANO_WORDS.en[NANO_WORDS[language].indexOf(word)] ?? word);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function withVariants(voices: readonly string[]): string[] {
  return voices.flatMap((voice) => ['', '+m3', '+f2', '+f4'].map((variant) => voice + variant));
}
