import type { Keyterm } from '@sotto/contracts';
import type { ExpectedPhrase } from '@sotto/whisper';

/** What the engine is to expect: each term and what it sounds like, with its first letter in either case. */
export function phrasesOf(keyterms: readonly Keyterm[]): ExpectedPhrase[] {
  const phrases = new Map<string, ExpectedPhrase>();
  for (const { text, weight = 1, soundsLike = [] } of keyterms) {
    for (const spelling of [text, ...soundsLike].flatMap(inEitherCase)) {
      const other = phrases.get(spelling)?.weight ?? 0;
      phrases.set(spelling, { text: spelling, weight: Math.max(weight, other) });
    }
  }
  return [...phrases.values()];
}

function inEitherCase(text: string): string[] {
  const [first = '', ...rest] = text;
  return [...new Set([first, first.toUpperCase(), first.toLowerCase()])].map((letter) => letter + rest.join(''));
}
