import { describe, expect, it } from '@jest/globals';
import { windowResultSchema } from '@sotto/contracts';
import fc from 'fast-check';
import { anySpans, anyTokens } from '../test/arbitraries.ts';
import { type DecodedSegment, mapWindow } from './map-window.ts';
import { type TimedToken, tokensText } from './token-text.ts';

const options = { compressionRatio: () => 1 };

function token(text: string, startMs: number, endMs: number): TimedToken {
  return { id: startMs, bytes: new TextEncoder().encode(text), probability: 0.9, startMs, endMs };
}

function segment(startMs: number, endMs: number, ...tokens: TimedToken[]): DecodedSegment {
  return { startMs, endMs, tokens, avgLogprob: -0.2, noSpeechProb: 0, temperature: 0 };
}

function decoded(...segments: DecodedSegment[]) {
  return { language: 'en', languageProbability: 0.9, engineMs: 12, segments };
}

describe('mapWindow', () => {
  it('moves a segment and its words to the recording', () => {
    const window = { index: 3, spans: [{ startMs: 60_000, endMs: 62_000 }] };
    const result = mapWindow(
      window,
      decoded(segment(100, 1500, token(' Hello', 150, 600), token(' you', 700, 1400))),
      options,
    );
    expect(result).toMatchObject({ index: 3, language: 'en', languageProbability: 0.9, engineMs: 12 });
    expect(result.segments).toMatchObject([
      {
        id: 0,
        startMs: 60_150,
        endMs: 61_400,
        text: ' Hello you',
        confidence: 0.9,
        tokens: [150, 700],
        words: [
          { word: ' Hello', startMs: 60_150, endMs: 60_600 },
          { word: ' you', startMs: 60_700, endMs: 61_400 },
        ],
      },
    ]);
  });

  const twoSpans = {
    index: 0,
    spans: [
      { startMs: 1000, endMs: 3000 },
      { startMs: 10_000, endMs: 12_000 },
    ],
  };

  it('keeps a word out of the pause that was cut, and divides the segment there', () => {
    const result = mapWindow(
      twoSpans,
      decoded(segment(200, 3800, token(' One.', 200, 1500), token(' Two', 1700, 2600), token(' three.', 2600, 3800))),
      options,
    );
    expect(result.segments.map(({ startMs, endMs, text }) => [startMs, endMs, text])).toEqual([
      [1200, 2500, ' One.'],
      [10_000, 11_800, ' Two three.'],
    ]);
    expect(result.segments[1]?.words[0]).toMatchObject({ startMs: 10_000, endMs: 10_600 });
  });

  it('leaves a segment whole where little was cut', () => {
    const window = {
      index: 0,
      spans: [
        { startMs: 0, endMs: 2000 },
        { startMs: 2300, endMs: 4000 },
      ],
    };
    const { segments } = mapWindow(
      window,
      decoded(segment(0, 3000, token(' a', 0, 1900), token(' b', 2000, 3000))),
      options,
    );
    expect(segments.map(({ startMs, endMs, text }) => [startMs, endMs, text])).toEqual([[0, 3300, ' a b']]);
  });

  it('does not let a segment begin in the span before its first word', () => {
    const { segments } = mapWindow(twoSpans, decoded(segment(1950, 3000, token(' Two', 2100, 2900))), options);
    expect(segments[0]).toMatchObject({ startMs: 10_100, endMs: 10_900 });
  });

  it('takes what segment and alignment both say, but never leaves a whole word out', () => {
    const window = { index: 0, spans: [{ startMs: 0, endMs: 10_000 }] };
    const stretched = mapWindow(
      window,
      decoded(segment(1000, 2000, token(' a', 0, 1500), token(' b', 1500, 4000))),
      options,
    );
    expect(stretched.segments[0]).toMatchObject({ startMs: 1000, endMs: 2000 });
    const loose = mapWindow(
      window,
      decoded(segment(1000, 5000, token(' a', 1200, 1500), token(' b', 1500, 4000))),
      options,
    );
    expect(loose.segments[0]).toMatchObject({ startMs: 1200, endMs: 4000 });
    const outside = mapWindow(
      window,
      decoded(segment(1000, 2000, token(' a', 0, 800), token(' b', 2500, 3000))),
      options,
    );
    expect(outside.segments[0]).toMatchObject({ startMs: 0, endMs: 3000 });
  });

  it('does not reach into the neighbours for a word that was aligned there', () => {
    const window = { index: 0, spans: [{ startMs: 0, endMs: 10_000 }] };
    const { segments } = mapWindow(
      window,
      decoded(
        segment(0, 2000, token(' a', 0, 900), token(' b', 2100, 4000)),
        segment(3000, 5000, token(' c', 1000, 1500), token(' d', 3000, 5000)),
      ),
      options,
    );
    expect(segments.map(({ startMs, endMs, text }) => [startMs, endMs, text])).toEqual([
      [0, 3000, ' a b'],
      [3000, 5000, ' c d'],
    ]);
  });

  it('drops segments without text and times past the end', () => {
    const window = { index: 0, spans: [{ startMs: 500, endMs: 5500 }] };
    const result = mapWindow(
      window,
      decoded(segment(0, 1000, token('  ', 0, 900)), segment(1000, 30_000, token(' end', 4000, 30_000))),
      options,
    );
    expect(result.segments).toHaveLength(1);
    expect(result.segments[0]).toMatchObject({ id: 0, startMs: 4500, endMs: 5500, text: ' end' });
  });

  it('says why a text is suspect', () => {
    const window = { index: 0, spans: [{ startMs: 0, endMs: 9000 }] };
    const unsure = { ...segment(0, 1000, token(' x', 0, 900)), avgLogprob: -1.5, noSpeechProb: 0.9 };
    const result = mapWindow(window, decoded(unsure, segment(5000, 6000, token(' y', 5000, 6000))), {
      compressionRatio: (text) => (text === ' y' ? 3 : 1),
      speech: [{ startMs: 0, endMs: 2000 }],
    });
    expect(result.segments.map(({ flags }) => flags)).toEqual([
      ['low_confidence', 'no_speech'],
      ['repetitive', 'outside_speech'],
    ]);
  });

  it('sets apart what two signals speak against, and numbers what is left', () => {
    const window = { index: 0, spans: [{ startMs: 0, endMs: 9000 }] };
    const unsure = { ...segment(0, 1000, token(' x', 0, 900)), avgLogprob: -1.5, noSpeechProb: 0.9 };
    const both = decoded(unsure, segment(5000, 6000, token(' y', 5000, 6000)));
    const { segments, dropped } = mapWindow(window, both, { ...options, filter: 'drop' });
    expect(segments).toMatchObject([{ id: 0, text: ' y', flags: [] }]);
    expect(dropped).toMatchObject([{ text: ' x', flags: ['low_confidence', 'no_speech'] }]);
    expect(mapWindow(window, both, { ...options, filter: 'flag' })).toMatchObject({
      segments: [{ flags: ['low_confidence', 'no_speech'] }, { flags: [] }],
      dropped: [],
    });
    expect(mapWindow(window, both, { ...options, filter: 'off' }).segments.flatMap(({ flags }) => flags)).toEqual([]);
  });

  it('is a valid checkpoint whatever the engine said: every word in its segment and in one span, in order, no text lost', () => {
    const anySegment = fc.record({
      startMs: fc.integer({ min: -100, max: 32_000 }),
      endMs: fc.integer({ min: -100, max: 32_000 }),
      tokens: anyTokens,
      avgLogprob: fc.double({ min: -5, max: 0, noNaN: true }),
      noSpeechProb: fc.double({ min: 0, max: 1, noNaN: true }),
      temperature: fc.constantFrom(0, 0.2, 1),
    });
    fc.assert(
      fc.property(anySpans, fc.array(anySegment, { maxLength: 5 }), (spans, segments) => {
        const result = mapWindow({ index: 0, spans }, decoded(...segments), options);
        expect(windowResultSchema.parse(result)).toEqual(result);
        const kept = segments.map(({ tokens }) => tokensText(tokens)).filter((text) => text.trim() !== '');
        expect(result.segments.map(({ text }) => text).join('')).toBe(kept.join(''));
        let floorMs = spans[0]?.startMs ?? 0;
        for (const { startMs, endMs, text, words } of result.segments) {
          expect(words.map(({ word }) => word).join('')).toBe(text);
          expect(startMs).toBeGreaterThanOrEqual(floorMs);
          expect(endMs).toBeLessThanOrEqual(spans.at(-1)?.endMs ?? 0);
          let wordFloorMs = startMs;
          for (const word of words) {
            expect(word.startMs).toBeGreaterThanOrEqual(wordFloorMs);
            expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
            expect(spans.some((span) => span.startMs <= word.startMs && word.endMs <= span.endMs)).toBe(true);
            wordFloorMs = word.endMs;
          }
          expect(endMs).toBeGreaterThanOrEqual(wordFloorMs);
          floorMs = endMs;
        }
      }),
      { numRuns: 500 },
    );
  });
});
