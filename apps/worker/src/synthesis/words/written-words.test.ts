import { describe, expect, it } from '@jest/globals';
import { anyString } from '@sotto/testkit/any-string';
import fc from 'fast-check';
import { estimatedWords, writtenWords } from './written-words.ts';

const token = (text: string, startMs: number, endMs: number) => {
  return { id: 1, bytes: new TextEncoder().encode(text), probability: 0.9, startMs, endMs };
};

describe('words of what was spoken', () => {
  it('are those of the text, at the times of the tokens that spell them', () => {
    const tokens = [token(' It', 0, 90), token(' cost', 120, 400), token(' $', 410, 500), token('45.', 500, 900)];
    expect(writtenWords('It cost  $45.', tokens, 'en', 900)).toEqual([
      { word: ' It', startMs: 0, endMs: 90 },
      { word: ' cost', startMs: 120, endMs: 400 },
      { word: ' $45.', startMs: 410, endMs: 900 },
    ]);
  });

  it('are not those of another text, nor later than the sound', () => {
    expect(writtenWords('It cost nothing', [token(' It', 0, 90), token(' cost', 120, 400)], 'en', 900)).toBeNull();
    expect(writtenWords('It', [token(' It', 0, 2_000)], 'en', 900)).toEqual([{ word: ' It', startMs: 0, endMs: 900 }]);
  });

  it('share its time by their length where nobody has found them', () => {
    const words = estimatedWords('One, and twenty-two.', 'en', 1_900);
    expect(words.map(({ word }) => word)).toEqual([' One,', ' and', ' twenty-two.']);
    expect(words.at(-1)?.endMs).toBe(1_900);
  });

  it('are estimated in order and inside the piece, whatever the text', () => {
    fc.assert(
      fc.property(anyString(), fc.integer({ min: 0, max: 60_000 }), (text, durationMs) => {
        let before = 0;
        for (const { startMs, endMs } of estimatedWords(text, null, durationMs)) {
          expect(startMs).toBeGreaterThanOrEqual(before);
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          expect(endMs).toBeLessThanOrEqual(durationMs);
          before = startMs;
        }
      }),
    );
  });
});
