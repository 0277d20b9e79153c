import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scriptOf } from '../script-of.ts';
import { cutPieces } from './pieces.ts';

const pieces = (text: string, rtfx = 2, language = 'en') =>
  cutPieces(scriptOf(text, { format: 'text', language }), { rtfx, language });
const spoken = (text: string, rtfx?: number) => pieces(text, rtfx).map((piece) => piece.spoken);

const LONG =
  'In the beginning there was a long sentence that went on and on and on without any mark that would let it be cut';

describe('pieces of a script', () => {
  it('begin with a short one that ends with a clause', () => {
    const [first, second, ...others] = pieces(
      'When the first clause is over, the second one, which is much longer than the first, may follow. And then, the end.',
    );
    expect(first).toEqual(
      expect.objectContaining({ spoken: 'When the first clause is over, the second one,', pauseMs: 120 }),
    );
    expect(second?.spoken).toBe('which is much longer than the first, may follow.');
    expect(others.map((piece) => piece.spoken)).toEqual(['And then, the end.']);
  });

  it('may go a little further to end with a clause, else end between two words', () => {
    const stretched =
      'A clause that is somewhat longer than what would be cut here, or is it not so at all, by any means?';
    expect(spoken(stretched)[0]).toBe('A clause that is somewhat longer than what would be cut here,');
    expect(pieces(LONG)[0]).toEqual(expect.objectContaining({ spoken: LONG.slice(0, 60).trim(), pauseMs: 60 }));
  });

  it('grow with what is queued, and sooner if the engine is fast', () => {
    const lengths = (rtfx: number) => spoken(`${LONG} `.repeat(20), rtfx).map((piece) => piece.length);
    expect(lengths(2).slice(0, 4)).toEqual(
      lengths(2)
        .slice(0, 4)
        .toSorted((a, b) => a - b),
    );
    expect(lengths(2)[1]).toBeLessThan(110);
    expect(lengths(10)[1]).toBeGreaterThan(200);
    expect(Math.max(...lengths(0.5).slice(0, -1))).toBeLessThanOrEqual(60);
    expect(Math.max(...lengths(Number.POSITIVE_INFINITY))).toBeLessThanOrEqual(220);
  });

  it('are no longer than the engine likes', () => {
    const script = scriptOf(`${LONG} `.repeat(20), { format: 'text', language: 'en' });
    const longest = (speed: number) =>
      Math.max(...cutPieces(script, { rtfx: 10, speed, longestSeconds: 10 }).map((piece) => piece.spoken.length));
    expect(longest(1)).toBeLessThanOrEqual(150);
    expect(longest(1)).toBeGreaterThan(120);
    expect(longest(4)).toBeGreaterThan(200);
    expect(longest(0.25)).toBeLessThanOrEqual(60);
  });

  it('cut a word only if it is longer than any piece', () => {
    const word = 'Donau'.repeat(40);
    expect(spoken(`${word} is long.`)).toEqual([word, 'is long.']);
    expect(spoken('x'.repeat(500)).map((piece) => piece.length)).toEqual([220, 220, 60]);
  });

  it('do not divide what people see as one character', () => {
    for (const piece of pieces('👩‍👩‍👧‍👦e\u0301'.repeat(100))) expect(piece.shown).toMatch(/^(👩‍👩‍👧‍👦|e\u0301)+$/u);
  });

  it('end between words where these are written without spaces', () => {
    const text = '我们今天要去北京大学参加一个非常重要的会议然后再去故宫博物院看看那里的展览你觉得怎么样';
    expect(pieces(text, 2, 'zh')[0]?.spoken.length).toBeLessThanOrEqual(20);
    expect(
      pieces(text, 2, 'zh')
        .map((piece) => piece.spoken)
        .join(''),
    ).toBe(text);
  });

  it('hold a word of a megabyte, and many short ones, in time in proportion to them', () => {
    const begun = performance.now();
    for (const text of [
      'x'.repeat(1e6),
      '\u0301'.repeat(1e5),
      'word '.repeat(1e4),
      `${'. '.repeat(2e4)}a`,
      'U.S. '.repeat(1e4),
      'Ha! '.repeat(1e5),
    ]) {
      expect(Math.max(...spoken(`a${text}`).map((piece) => piece.length))).toBeLessThanOrEqual(220);
    }
    expect(performance.now() - begun).toBeLessThan(60_000);
  }, 120_000);

  it('hold all that is said, in order, and are cut the same again', () => {
    const texts = fc.array(
      fc.constantFrom('word', 'Dr. ', 'U.S.', ' ', ', ', '. ', 'é', '😀', '\n', '—', LONG, '数字'),
      { maxLength: 60 },
    );
    const without = (parts: readonly { spoken: string; shown: string }[], text: 'spoken' | 'shown') =>
      parts
        .map((part) => part[text])
        .join('')
        .replace(/\s/g, '');
    fc.assert(
      fc.property(texts, fc.double({ min: 0.1, max: 100, noNaN: true }), (words, rtfx) => {
        const script = scriptOf(`a${words.join('')}`, { format: 'text', language: 'en' });
        const cut = cutPieces(script, { rtfx });
        expect(without(cut, 'spoken')).toBe(without(script.utterances, 'spoken'));
        expect(without(cut, 'shown')).toBe(without(script.utterances, 'shown'));
        expect(cutPieces(script, { rtfx })).toEqual(cut);
        for (const piece of cut) expect(piece.spoken.length).toBeLessThanOrEqual(220);
      }),
    );
  });
});
