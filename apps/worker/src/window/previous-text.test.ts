import { describe, expect, it } from '@jest/globals';
import { MAX_PROMPT_CHARACTERS, type WindowResult } from '@sotto/contracts';
import { promptAfter, windowBefore } from './previous-text.ts';

function said(...texts: [string, number?][]): WindowResult {
  const segments = texts.map(([text, temperature = 0], id) => ({
    id,
    startMs: 0,
    endMs: 1,
    text,
    confidence: 1,
    avgLogprob: 0,
    noSpeechProb: 0,
    compressionRatio: 1,
    temperature,
    tokens: [],
    words: [],
    flags: [],
  }));
  return { index: 0, language: 'en', languageProbability: null, segments, dropped: [], engineMs: 1 };
}

describe('promptAfter', () => {
  it('is the own prompt of the request for the first window', () => {
    expect(promptAfter(null, 'Sotto')).toBe('Sotto');
    expect(promptAfter(null, null)).toBeNull();
    expect(promptAfter(said(), null)).toBeNull();
  });

  it('is the text before, after the own prompt', () => {
    expect(promptAfter(said([' One.'], [' Two.']), null)).toBe('One. Two.');
    expect(promptAfter(said([' One.'], [' Two.']), 'Sotto.')).toBe('Sotto. One. Two.');
  });

  it('forgets what was drawn by chance', () => {
    expect(promptAfter(said([' One.'], [' Tow.', 0.6]), null)).toBe('One.');
    expect(promptAfter(said([' Tow.', 1]), 'Sotto')).toBe('Sotto');
  });

  it('keeps the end of what is too long', () => {
    const prompt = promptAfter(said([' word'.repeat(1000)], [' end.']), null);
    expect(prompt).toHaveLength(MAX_PROMPT_CHARACTERS);
    expect(prompt).toMatch(/word end\.$/);
  });
});

describe('windowBefore', () => {
  const spans = [{ startMs: 0, endMs: 1000 }];

  it('is the last one before it', () => {
    const windows = [0, 1, 2].map((index) => ({ index, spans }));
    expect(windowBefore(windows, { index: 0 })).toBeUndefined();
    expect(windowBefore(windows, { index: 2 })).toBe(windows[1]);
  });

  it('is of the same channel', () => {
    const windows = [0, 1, 1, 0].map((channel, index) => ({ index, spans, channel }));
    expect(windowBefore(windows, { index: 1, channel: 1 })).toBeUndefined();
    expect(windowBefore(windows, { index: 3, channel: 0 })).toBe(windows[0]);
  });
});
