import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyTokens } from '../test/arbitraries.ts';
import type { TimedToken } from './token-text.ts';
import { tokensText } from './token-text.ts';
import { buildTokenWords, buildWords } from './words.ts';

/** Tokens of 100 ms each; a string is a token's text, bytes stand for a cut character. */
function tokens(...parts: (string | number[])[]): TimedToken[] {
  return parts.map((part, index) => ({
    id: index,
    bytes: typeof part === 'string' ? new TextEncoder().encode(part) : Uint8Array.from(part),
    probability: 0.5,
    startMs: index * 100,
    endMs: (index + 1) * 100,
  }));
}

const split = (language: string, ...parts: (string | number[])[]) =>
  buildWords(tokens(...parts), language).map(({ word }) => word);

function wholeText(all: TimedToken[]): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(all.map(({ bytes }) => bytes)));
}

describe('buildWords', () => {
  it('joins subwords and keeps punctuation with its word', () => {
    expect(split('en', ' And', ' so', ',', ' my', ' fel', 'low', ' Americ', 'ans', '.')).toEqual([
      ' And',
      ' so,',
      ' my',
      ' fellow',
      ' Americans.',
    ]);
  });

  it.each([
    [
      [' It', "'s", ' 3', '.', '14', ' well', '-', 'known'],
      [" It's", ' 3.14', ' well-known'],
    ],
    [
      [' (', 'he', ' said', ')', ' "', 'no', '"', '.'],
      [' (he', ' said)', ' "no".'],
    ],
    [
      [' ¿', 'Qué', ' tal', '?'],
      [' ¿Qué', ' tal?'],
    ],
    [
      [' -', ' Yes', '.', ' -', ' No', '.'],
      [' - Yes.', ' - No.'],
    ],
    [[' Quoi', ' ?'], [' Quoi ?']],
    [
      [' one', '—', 'two', '...', 'three'],
      [' one—', 'two...', 'three'],
    ],
    [
      [' rock', ' &', ' roll', ' ♪'],
      [' rock', ' &', ' roll', ' ♪'],
    ],
    [['...'], ['...']],
    [
      [' New York', ' is'],
      [' New', ' York', ' is'],
    ],
  ])('%j', (parts, expected) => {
    expect(split('en', ...parts)).toEqual(expected);
  });

  it('takes ideographs one by one and brackets with them', () => {
    expect(split('ja', '「', 'こん', 'にちは', '」', '。', 'Open', 'AI', 'は', 'いい')).toEqual([
      '「こ',
      'ん',
      'に',
      'ち',
      'は」。',
      'OpenAI',
      'は',
      'い',
      'い',
    ]);
    expect(split('zh', '我們', '說', '，', '好')).toEqual(['我', '們', '說，', '好']);
  });

  it('takes tokens as words in Thai, with marks where they belong', () => {
    expect(split('th', 'สวัส', 'ดี', '\u0E49', 'ครับ')).toEqual(['สวัส', 'ดี\u0E49', 'ครับ']);
  });

  it('leaves spaced languages alone, Korean too', () => {
    expect(split('ko', ' 안녕', '하세요', ' 세계')).toEqual([' 안녕하세요', ' 세계']);
  });

  it('puts a character together that spans tokens, with all their times', () => {
    const words = buildWords(tokens([0x20, 0xf0, 0x9f], [0x98], [0x80], ' ok'), 'en');
    expect(words.map(({ word, startMs, endMs }) => [word, startMs, endMs])).toEqual([
      [' 😀', 0, 300],
      [' ok', 300, 400],
    ]);
  });

  it('gives a word the times and confidence of what is pronounced', () => {
    const all = tokens(' "', 'Go', '!', ' now').map((token, index) => ({
      ...token,
      probability: index === 1 ? 0.8 : 0.01,
    }));
    expect(buildWords(all, 'en')[0]).toEqual({
      word: ' "Go!',
      startMs: 100,
      endMs: 200,
      confidence: expect.closeTo(0.8),
    });
  });

  it('takes the geometric mean of the tokens', () => {
    const all = tokens(' fel', 'low').map((token, index) => ({ ...token, probability: index === 0 ? 0.9 : 0.4 }));
    expect(buildWords(all, 'en')[0]?.confidence).toBeCloseTo(0.6);
  });

  it('spreads words that were not aligned over what is left of the segment', () => {
    const all = tokens(' aa', ' bb', ' cc').map((token, index) =>
      index === 1 ? { ...token, startMs: 400, endMs: 500 } : { ...token, startMs: -1, endMs: -1 },
    );
    const times = buildWords(all, 'en', { startMs: 100, endMs: 900 }).map(({ startMs, endMs }) => [startMs, endMs]);
    expect(times).toEqual([
      [100, 400],
      [400, 500],
      [500, 900],
    ]);
  });

  it('joined words equal the text of the bytes, for any split of any bytes', () => {
    fc.assert(
      fc.property(anyTokens, fc.constantFrom('en', 'ja', 'th', 'zh', 'ko', 'ar'), (all, language) => {
        const joined = buildWords(all, language)
          .map(({ word }) => word)
          .join('');
        expect(joined).toBe(wholeText(all));
        expect(tokensText(all)).toBe(joined);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives times in order and probabilities, whatever the alignment said', () => {
    fc.assert(
      fc.property(anyTokens, (all) => {
        let floorMs = 0;
        for (const { startMs, endMs, confidence } of buildWords(all, 'en', { startMs: 0, endMs: 20_000 })) {
          expect(Number.isInteger(startMs) && Number.isInteger(endMs)).toBe(true);
          expect(startMs).toBeGreaterThanOrEqual(floorMs);
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          expect(confidence >= 0 && confidence <= 1).toBe(true);
          floorMs = endMs;
        }
      }),
    );
  });

  it('never makes a word of blanks or punctuation beside another word', () => {
    fc.assert(
      fc.property(anyTokens, (all) => {
        const words = buildWords(all, 'en');
        if (words.length < 2) return;
        for (const { word } of words) expect(word).toMatch(/[^\s\p{P}\p{M}\p{Cc}\p{Cf}]|[&%@#]/u);
      }),
    );
  });

  it('gives every token to exactly one word, in order', () => {
    fc.assert(
      fc.property(anyTokens, (all) => {
        const kept = buildTokenWords(all, 'en').flatMap((word) => word.tokens.map(({ id }) => id));
        // Tokens without any text may have nowhere to go.
        expect(kept.length === 0 || kept.length === all.length).toBe(true);
        expect(kept).toEqual(kept.map((_, index) => index));
      }),
    );
  });
});
