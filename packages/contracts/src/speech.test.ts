import { describe, expect, it } from '@jest/globals';
import { needsNewerSpeech, type SpeechOptions } from './speech.ts';

const PLAIN: SpeechOptions = { voice: 'auto', language: null, speed: 1, textFormat: 'markdown' };

describe('what workers of protocol 2 may be given', () => {
  it.each([
    ['what they have always spoken', PLAIN, false],
    ['an option that is not set', { ...PLAIN, later: undefined }, false],
    ['an option that they do not know', { ...PLAIN, later: true }, true],
    ['a format that they do not read', { ...PLAIN, textFormat: 'scroll' as SpeechOptions['textFormat'] }, true],
  ])('%s', (_name, options, needs) => {
    expect(needsNewerSpeech(options)).toBe(needs);
  });
});
