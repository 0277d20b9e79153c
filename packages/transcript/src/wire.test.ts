import { describe, expect, it } from '@jest/globals';
import { evenWords, segmentOf, transcriptOf } from '../test/arbitraries.ts';
import { toWireTranscript, toWireVerbose } from './wire.ts';

const transcript = transcriptOf([segmentOf(evenWords(' Hello, this is a test.', 120, 1001))], 125_500);

describe('toWireTranscript', () => {
  it('is the answer of the specification: seconds, snake_case, trimmed texts', () => {
    expect(toWireTranscript(transcript, { granularity: 'segment' })).toEqual({
      text: 'Hello, this is a test.',
      language: 'en',
      language_probability: 0.98,
      duration: 125.5,
      segments: [{ id: 0, start: 0.12, end: 5.125, text: 'Hello, this is a test.', confidence: 0.5 }],
      model: 'base',
      processing_time: 1.234,
      warnings: [],
    });
  });

  it('has words when they are asked for', () => {
    expect(toWireTranscript(transcript, { granularity: 'word' }).words?.slice(0, 2)).toEqual([
      { word: 'Hello,', start: 0.12, end: 1.121, confidence: 0.9 },
      { word: 'this', start: 1.121, end: 2.122, confidence: 0.9 },
    ]);
  });
});

describe('toWireVerbose', () => {
  it('tells all that is known of a segment', () => {
    const verbose = toWireVerbose(transcript);
    expect(verbose.task).toBe('transcribe');
    expect(verbose.words).toHaveLength(5);
    expect(verbose.segments[0]).toMatchObject({
      seek: 12,
      tokens: [],
      temperature: 0,
      avg_logprob: -0.3,
      compression_ratio: 1.2,
      no_speech_prob: 0.01,
      flags: [],
    });
    expect(verbose.segments[0]?.words).toHaveLength(5);
  });
});
