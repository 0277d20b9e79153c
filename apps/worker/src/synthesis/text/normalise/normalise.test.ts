import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalise } from './normalise.ts';
import { rulesFor } from './rules.ts';
import { list } from './tongues/list.ts';

const LANGUAGES = ['en', 'en-gb', 'es', 'de', 'fr', 'pt', 'it', 'nl', 'ja', 'none'];

/** What rules look for, and what stands between. */
const BITS = list(`
  1 23 456 7890 . , : / - – \u2019 $ € R$ % °C km /h m² ½ am p.m. Uhr h th er º IV XIX Dr. U.S. etc. Jan mai @ a B é example.com https:// # & 😀 👩‍👩‍👧 🇩🇪
  \uFE0F 0000 T ( ) + = deadbeef1
`).concat([' ', 'Henry ', 'Kapitel ', 'z. B.']);

const texts = fc.oneof(
  fc.array(fc.constantFrom(...BITS), { maxLength: 30 }).map((bits) => bits.join('')),
  fc.string({ unit: 'grapheme' }),
);

describe('normalising', () => {
  it('says something finite of any text, and leaves what it says as it is', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...LANGUAGES), (text, language) => {
        const { shown, spoken, alignment } = normalise(text, rulesFor(language));
        expect(shown).toBe(text);
        expect(spoken.length).toBeLessThanOrEqual(100 + text.length * 80);
        expect(spoken).not.toMatch(/undefined|NaN|\p{Cs}/u);
        const again = normalise(spoken, rulesFor(language)).spoken;
        expect(normalise(again, rulesFor(language)).spoken).toBe(again);
        for (const one of alignment) expect(one.spokenEnd).toBeGreaterThanOrEqual(one.spokenStart);
      }),
      { numRuns: 150 },
    );
  });

  it('leaves no digit of the six languages to the engine, but in words', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.constantFrom('en', 'es', 'de', 'fr', 'pt', 'it'),
        (value, language) => {
          const written = new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value);
          expect(normalise(`(${written.replace(/\s/g, ' ')})`, rulesFor(language)).spoken).not.toMatch(/\d/);
        },
      ),
    );
  });

  it('aligns what is said with what is written', () => {
    const { shown, spoken, alignment } = normalise('On 5 May, $3 and 2 kg.', rulesFor('en'));
    expect(
      alignment.map((one) => [shown.slice(one.shownStart, one.shownEnd), spoken.slice(one.spokenStart, one.spokenEnd)]),
    ).toEqual([
      ['5 May', 'May fifth'],
      ['$3', 'three dollars'],
      ['2 kg', 'two kilograms'],
    ]);
  });

  it('takes time in proportion to the text', () => {
    const shapes = [
      'x',
      '1',
      '1 ',
      '1,234',
      'a.',
      '1.2.3.',
      '1-',
      '@a.',
      '+1 (',
      'St. ',
      'U.S.',
      'f0',
      ' ',
      '😀',
      '1/2 ',
      '5 km ',
      '12:30 ',
      'http://a/',
      '#',
      'Henry V ',
      '5 Jan ',
    ];
    for (const language of ['en', 'es', 'de', 'fr', 'pt', 'it']) {
      for (const shape of shapes) {
        const begun = performance.now();
        normalise(shape.repeat(5e3 / shape.length), rulesFor(language));
        expect([language, shape, performance.now() - begun < 20_000]).toEqual([language, shape, true]);
      }
    }
  }, 300_000);
});
