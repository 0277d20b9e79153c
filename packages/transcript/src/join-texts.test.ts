import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { joinTexts, TextJoiner } from './join-texts.ts';

const piece = fc.oneof(
  fc.constantFrom('', ' ', '  ', ' one', 'two', 'three ', '漢字', 'か\u3099', '。', '、two', '\u{20000}', '\n'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);

describe('TextJoiner', () => {
  it('gives, piece by piece, what joinTexts gives at once', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (texts) => {
        let joiner = new TextJoiner();
        let joined = '';
        for (const [index, text] of texts.entries()) {
          joined += joiner.add(text);
          // Another one goes on where this one is.
          joiner = new TextJoiner(joiner.state);
          expect(joined).toBe(joinTexts(texts.slice(0, index + 1)));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('puts a blank between words and none between ideographs', () => {
    const joiner = new TextJoiner();
    expect([' Hello,', 'world. ', '漢', '字'].map((text) => joiner.add(text))).toEqual([
      'Hello,',
      ' world.',
      ' 漢',
      '字',
    ]);
  });
});
