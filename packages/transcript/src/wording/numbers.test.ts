import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TextEdit } from './edits.ts';
import { joinedWords, NUMBER_LANGUAGES, numberWordsOf } from './number-words.ts';
import { digitEdits, wordEdits } from './numbers.ts';

function edited(text: string, edits: readonly TextEdit[]): string {
  return edits.reduceRight((done, { start, end, text: to }) => done.slice(0, start) + to + done.slice(end), text);
}

describe.each(NUMBER_LANGUAGES)('numbers in %s', (language) => {
  it('are read as they are written, to hundreds of millions', () => {
    const words = numberWordsOf(language);
    fc.assert(
      fc.property(fc.oneof(fc.nat(2_000), fc.nat(999_999_999)), (value) => {
        expect(words?.read(joinedWords(words.write(value)))).toBe(value);
      }),
    );
  });

  it('come back from words to digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 9_999 }), (value) => {
        const said = edited(`x ${value} x`, wordEdits(`x ${value} x`, language));
        expect(said).not.toMatch(/\d/);
        expect(edited(said, digitEdits(said, language))).toBe(`x ${value} x`);
      }),
    );
  });
});

describe('digits', () => {
  it.each([
    ['en', 'We sold twenty-one of one hundred and five.', 'We sold 21 of 105.'],
    ['en', 'In nineteen eighty-four, two of them left.', 'In 1984, two of them left.'],
    ['en', 'three point one four percent', '3.14 percent'],
    ['en', 'Twelve thousand, three hundred', '12,000, 300'],
    ['en', 'one hundred twenty three thousand four hundred fifty-six', '123,456'],
    ['de', 'Das kostet einundzwanzig Euro und zwölf Komma fünf Cent.', 'Das kostet 21 Euro und 12,5 Cent.'],
    ['de', 'zweitausenddreiundzwanzig', '2023'],
    ['de', 'hundertzwanzig Hundert', '120 100'],
    ['es', 'cuarenta y dos mil', '42.000'],
    ['fr', 'quatre-vingt-dix-neuf', '99'],
    ['it', 'duemilaventuno', '2021'],
    ['ja', 'twenty', 'twenty'],
  ])('%s: %s', (language, said, expected) => {
    expect(edited(said, digitEdits(said, language))).toBe(expected);
  });
});

describe('words', () => {
  it.each([
    ['en', 'On page 21, 1,000 of 3.5', 'On page twenty-one, one thousand of three point five'],
    ['de', '1.000 von 3,5', 'eintausend von drei Komma fünf'],
    [
      'en',
      'MP3, 3rd, 10:30, 2024-05-01, 007, 1,00, 192.168.0.1',
      'MP3, 3rd, 10:30, 2024-05-01, 007, 1,00, 192.168.0.1',
    ],
    ['en', 'It costs 10.', 'It costs ten.'],
    ['en', '12345678901234567890', '12345678901234567890'],
  ])('%s: %s', (language, written, expected) => {
    expect(edited(written, wordEdits(written, language))).toBe(expected);
  });
});
