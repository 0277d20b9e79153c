import { describe, expect, it } from '@jest/globals';
import type { DecodedSegment, DecodedWindow } from '@sotto/transcript';
import { withRetranscribed } from './retranscription.ts';

/** `[text, start, end]` as tokens of one segment. */
function segment(startMs: number, endMs: number, ...words: [string, number, number][]): DecodedSegment {
  const tokens = words.map(([word, start, end], id) => ({
    id,
    bytes: new TextEncoder().encode(` ${word}`),
    probability: 1,
    startMs: start,
    endMs: end,
  }));
  return { startMs, endMs, tokens, avgLogprob: -0.1, noSpeechProb: 0, temperature: 0 };
}

function decoded(...segments: DecodedSegment[]): DecodedWindow {
  return { language: 'en', languageProbability: null, engineMs: 10, segments };
}

const textOf = ({ tokens }: DecodedSegment) =>
  tokens
    .map(({ bytes }) => new TextDecoder().decode(bytes))
    .join('')
    .trim();
const partsOf = ({ segments }: DecodedWindow) => segments.map((one) => [one.startMs, one.endMs, textOf(one)]);

/** 8 s of one stretch of the recording, then 6 s of another. */
const spans = [
  { startMs: 10_000, endMs: 18_000 },
  { startMs: 30_000, endMs: 36_000 },
];
const again = (startMs: number, endMs: number, ...segments: DecodedSegment[]) => {
  const cut = spans
    .map((span) => ({ startMs: Math.max(span.startMs, startMs), endMs: Math.min(span.endMs, endMs) }))
    .filter((span) => span.endMs > span.startMs);
  return { spans: cut, decoded: decoded(...segments) };
};

describe('withRetranscribed', () => {
  it('puts the end of a window that was ended early behind it', () => {
    const first = decoded(segment(0, 14_000, ['one', 0, 400], ['two', 500, 900]));
    const result = withRetranscribed(spans, first, again(16_000, 36_000, segment(0, 7000, ['three', 100, 500])));
    expect(partsOf(result)).toEqual([
      [0, 6000, 'one two'],
      [6000, 13_000, 'three'],
    ]);
    expect(result.segments[1]?.tokens).toMatchObject([{ startMs: 6100, endMs: 6500 }]);
    expect(result.engineMs).toBe(20);
  });

  it('puts a beginning before it, over the seam of two spans', () => {
    const first = decoded(segment(500, 14_000, ['end', 13_000, 13_500]));
    const result = withRetranscribed(spans, first, again(10_000, 33_000, segment(0, 9000, ['one', 0, 9000])));
    expect(partsOf(result)).toEqual([
      [0, 9000, 'one'],
      [11_000, 14_000, 'end'],
    ]);
  });

  it('divides a segment that reaches over it, and leaves its neighbours alone', () => {
    const first = decoded(
      segment(0, 9000, ['a', 0, 500], ['b', 8000, 9000]),
      segment(9000, 14_000, ['c', 9000, 14_000]),
    );
    const result = withRetranscribed(spans, first, again(12_000, 17_000, segment(200, 4000, ['x', 300, -1])));
    expect(partsOf(result)).toEqual([
      [0, 2000, 'a'],
      [2200, 6000, 'x'],
      [7000, 9000, 'b'],
      [9000, 14_000, 'c'],
    ]);
    expect(result.segments[1]?.tokens).toMatchObject([{ startMs: 2300, endMs: -1 }]);
  });
});
