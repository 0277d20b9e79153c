import {
  type CaptionOptions,
  captionProblem,
  type Segment,
  type Span,
  type Transcript,
  type Word,
} from '@sotto/contracts';
import { anyString } from '@sotto/testkit/any-string';
import fc from 'fast-check';
import type { TimedToken } from '../src/index.ts';

const SCRIPTS = [
  'hello',
  'Grüße',
  'naïve',
  '東京',
  'カメラ',
  '한국어',
  'สวัสดี',
  'مرحبا',
  'नमस्ते',
  '👩‍👩‍👧',
  '🇫🇷',
  'e\u0301',
  '3.14',
  "don't",
];
const MARKS = [
  '. ',
  ', ',
  '? ',
  '… ',
  '—',
  ' (',
  ') ',
  ' "',
  '" ',
  ' ¿',
  '。',
  '、',
  '「',
  '」',
  '-',
  '--> ',
  '<b>',
  '&amp; ',
  "'",
];

/** Text as people say and as nobody would: many scripts, punctuation, blanks, any Unicode. */
const anyText = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...SCRIPTS) },
      { weight: 3, arbitrary: fc.constantFrom(...MARKS) },
      { weight: 3, arbitrary: fc.constant(' ') },
      { weight: 1, arbitrary: anyString({ maxLength: 4 }) },
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const anyBytes = fc.oneof(
  { weight: 5, arbitrary: anyText.map((text) => new TextEncoder().encode(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
);

/** Bytes cut into tokens anywhere, also inside a character, with times that may be missing or senseless. */
export const anyTokens: fc.Arbitrary<TimedToken[]> = fc
  .record({
    bytes: anyBytes,
    cuts: fc.array(fc.nat(200), { maxLength: 40 }),
    steps: fc.infiniteStream(
      fc.record({
        gapMs: fc.integer({ min: -300, max: 900 }),
        lengthMs: fc.integer({ min: 0, max: 600 }),
        isAligned: fc.boolean(),
        probability: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    ),
  })
  .map(({ bytes, cuts, steps }) => {
    const edges = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) => a - b);
    let at = 0;
    return edges.slice(1).map((end, index) => {
      const { gapMs, lengthMs, isAligned, probability } = steps.next().value;
      at = Math.max(0, at + gapMs);
      const startMs = isAligned ? at : -1;
      at += lengthMs;
      return {
        id: index,
        bytes: bytes.subarray(edges[index], end),
        probability,
        startMs,
        endMs: isAligned ? at : -1,
      };
    });
  });

/** Spans of one window: in order, apart, at least a millisecond long. */
export const anySpans: fc.Arbitrary<Span[]> = fc
  .array(fc.record({ gapMs: fc.integer({ min: 1, max: 20_000 }), lengthMs: fc.integer({ min: 1, max: 9_000 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => {
    let at = 0;
    return parts.map(({ gapMs, lengthMs }) => {
      const startMs = at + gapMs;
      at = startMs + lengthMs;
      return { startMs, endMs: at };
    });
  });

const anyWordText = anyText.map((text) => ` ${text.replace(/\s/gu, '')}`).filter((text) => text.trim() !== '');

const anyTiming = fc.record({
  gapMs: fc.integer({ min: 0, max: 3_000 }),
  lengthMs: fc.integer({ min: 0, max: 1_500 }),
});

/** A well-formed transcript: ordered times, words that join to their segments' texts. */
export const anyTranscript: fc.Arbitrary<Transcript> = fc
  .array(fc.array(fc.record({ text: anyWordText, timing: anyTiming }), { minLength: 1, maxLength: 25 }), {
    maxLength: 8,
  })
  .map((groups) => {
    let at = 0;
    const segments = groups.map((group, id): Segment => {
      const words = group.map(({ text, timing }): Word => {
        const startMs = at + timing.gapMs;
        at = startMs + timing.lengthMs;
        return { word: text, startMs, endMs: at, confidence: 0.5 };
      });
      return segmentOf(words, id);
    });
    return transcriptOf(segments, at + 500);
  });

/** Any that a request may ask for. */
export const anyCaptionOptions: fc.Arbitrary<CaptionOptions> = fc
  .record({
    maxLineWidth: fc.integer({ min: 10, max: 60 }),
    maxLineCount: fc.integer({ min: 1, max: 4 }),
    minCueMs: fc.integer({ min: 0, max: 3_000 }),
    maxCueMs: fc.integer({ min: 500, max: 10_000 }),
    minGapMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000 })),
    maxCharactersPerSecond: fc.option(fc.integer({ min: 1, max: 30 })),
    highlightWords: fc.boolean(),
  })
  .filter((options) => captionProblem(options) === null);

export function segmentOf(words: Word[], id = 0): Segment {
  return {
    id,
    startMs: words[0]?.startMs ?? 0,
    endMs: words.at(-1)?.endMs ?? 0,
    text: words.map(({ word }) => word).join(''),
    confidence: 0.5,
    avgLogprob: -0.3,
    noSpeechProb: 0.01,
    compressionRatio: 1.2,
    temperature: 0,
    tokens: [],
    words,
    flags: [],
  };
}

export function transcriptOf(segments: Segment[], durationMs: number): Transcript {
  return {
    text: segments
      .map(({ text }) => text)
      .join('')
      .trim(),
    language: 'en',
    languageProbability: 0.98,
    durationMs,
    segments,
    dropped: [],
    model: 'base',
    task: 'transcribe',
    processingMs: 1234,
    warnings: [],
  };
}

/** ` Hello world.` as words of equal length, `msPerWord` each, from `startMs` on. */
export function evenWords(text: string, startMs: number, msPerWord: number): Word[] {
  return (text.match(/\s*\S+/g) ?? []).map((word, index) => ({
    word,
    startMs: startMs + index * msPerWord,
    endMs: startMs + (index + 1) * msPerWord,
    confidence: 0.9,
  }));
}
