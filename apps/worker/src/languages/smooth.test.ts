import { describe, expect, it } from '@jest/globals';
import type { LanguageCode } from '@sotto/contracts';
import fc from 'fast-check';
import { type HeardUnit, smoothLanguages } from './smooth.ts';

const unit = (probabilities: HeardUnit['probabilities'], speechMs = 5_000): HeardUnit => ({ probabilities, speechMs });

describe('smoothLanguages', () => {
  it('changes only with evidence', () => {
    const english = unit({ en: 0.98, de: 0.01 });
    expect(smoothLanguages([english, unit({ en: 0.4, nl: 0.6 }), english])).toEqual(['en', 'en', 'en']);
    expect(smoothLanguages([english, unit({ de: 0.99, en: 0.005 }), english])).toEqual(['en', 'de', 'en']);
    expect(smoothLanguages([english, english, unit({ de: 0.7, en: 0.2 }), unit({ de: 0.9, en: 0.1 })])).toEqual([
      'en',
      'en',
      'de',
      'de',
    ]);
  });

  it('does not believe a single word', () => {
    const german = unit({ de: 0.99 });
    expect(smoothLanguages([german, unit({ en: 0.97, de: 0.03 }, 400), german])).toEqual(['de', 'de', 'de']);
  });

  it('takes the likeliest where nothing is plain, and nothing for nothing', () => {
    expect(smoothLanguages([unit({ cy: 0.3, en: 0.25 }), unit({ en: 0.3, la: 0.28 })])).toEqual(['en', 'en']);
    expect(smoothLanguages([])).toEqual([]);
  });

  it('is the best of all sequences', () => {
    const languages = ['en', 'de'] as const;
    const anyUnit = fc.double({ min: 0.01, max: 0.99, noNaN: true }).map((share) => unit({ en: share, de: 1 - share }));
    const plain = [unit({ en: 0.99, de: 0.01 }), unit({ de: 0.99, en: 0.01 })];
    fc.assert(
      fc.property(fc.array(anyUnit, { minLength: 1, maxLength: 6 }), (some) => {
        const units = [...some, ...plain];
        const all = sequences(languages, units.length).map((path) => scoreOf(path, units));
        expect(scoreOf(smoothLanguages(units), units)).toBeCloseTo(Math.max(...all), 9);
      }),
    );
  });
});

function sequences(languages: readonly LanguageCode[], length: number): LanguageCode[][] {
  if (length === 0) return [[]];
  return sequences(languages, length - 1).flatMap((path) => languages.map((language) => [...path, language]));
}

/** Evidence less two nats for each change. */
function scoreOf(path: readonly LanguageCode[], units: readonly HeardUnit[]): number {
  return path.reduce((sum, language, at) => {
    const changes = at > 0 && path[at - 1] !== language ? 2 : 0;
    return sum + Math.log(units[at]?.probabilities[language] ?? 0) - changes;
  }, 0);
}
