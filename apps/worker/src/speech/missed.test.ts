import { describe, expect, it } from '@jest/globals';
import type { Span } from '@sotto/contracts';
import fc from 'fast-check';
import { missedSpeech } from './missed.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs, endMs });
/** Words of 400 ms without a pause, over a stretch. */
const talk = (startMs: number, endMs: number) =>
  Array.from({ length: Math.floor((endMs - startMs) / 400) }, (_, i) =>
    span(startMs + i * 400, startMs + i * 400 + 400),
  );

const window = [span(1000, 9000), span(20_000, 30_000)];
const speech = [span(1400, 8600), span(20_400, 29_600)];

describe('missedSpeech', () => {
  it('is nothing where words lie on all speech, pauses or not', () => {
    const words = [...talk(1400, 8600), ...talk(20_400, 29_600)];
    expect(missedSpeech(window, speech, words)).toEqual([]);
    expect(
      missedSpeech(window, [span(1400, 4000), span(20_400, 29_600)], [...talk(1400, 4000), ...talk(20_400, 29_600)]),
    ).toEqual([]);
  });

  it('is the end of a window that was ended early, and the start of one begun late', () => {
    expect(missedSpeech(window, speech, [...talk(1400, 8600), ...talk(20_400, 24_400)])).toEqual([
      [span(24_400, 30_000)],
    ]);
    expect(missedSpeech(window, speech, talk(20_400, 29_600))).toEqual([[span(1000, 9000)]]);
  });

  it('is what a stretched word covers', () => {
    const words = [...talk(1400, 3800), span(3800, 8600), ...talk(20_400, 29_600)];
    expect(missedSpeech(window, speech, words)).toEqual([[span(5000, 9000)]]);
  });

  it('is not a word or two', () => {
    expect(missedSpeech(window, speech, [...talk(1400, 8600), ...talk(20_400, 28_400)])).toEqual([]);
  });

  it('is not where words belong that the alignment has bunched up beside it', () => {
    const phrase = (atMs: number) => Array.from({ length: 5 }, (_, i) => span(atMs + i * 84, atMs + i * 84 + 84));
    const before = talk(1400, 8600);
    const spoken = [span(1400, 8600), span(20_400, 23_800)];
    expect(missedSpeech(window, spoken, [...before, ...phrase(20_400)])).toEqual([]);
    expect(missedSpeech(window, spoken, [...before, ...phrase(23_300)])).toEqual([]);
    // Five words do not fill nine seconds.
    expect(missedSpeech(window, speech, [...before, ...phrase(20_400)])).toHaveLength(1);
  });

  it('stays inside the window, and what is transcribed again never overlaps', () => {
    const stretch = fc.record({ startMs: fc.nat(30_000), lengthMs: fc.integer({ min: 1, max: 8000 }) });
    const stretches = fc.array(stretch, { maxLength: 12 }).map((list) => {
      let atMs = 0;
      return list.map(({ startMs, lengthMs }) => {
        const from = atMs + (startMs % 3000);
        atMs = from + lengthMs;
        return span(from, atMs);
      });
    });
    fc.assert(
      fc.property(stretches, stretches, stretches, (spans, heard, words) => {
        let lastMs = 0;
        for (const part of missedSpeech(spans, heard, words).flat()) {
          expect(part.endMs).toBeGreaterThan(part.startMs);
          expect(spans.some(({ startMs, endMs }) => startMs <= part.startMs && part.endMs <= endMs)).toBe(true);
          expect(part.startMs).toBeGreaterThanOrEqual(lastMs);
          lastMs = part.endMs;
        }
      }),
    );
  });
});
