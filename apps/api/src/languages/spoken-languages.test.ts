import { expect, it } from '@jest/globals';
import type { OfferedVoice, SpeechOffer } from '@sotto/contracts';
import { spokenLanguages } from './spoken-languages.ts';

const voice = (id: string, languages: string[], quality: OfferedVoice['quality']): OfferedVoice => {
  return { id, name: id, languages, gender: null, quality, kind: 'stock', licence: 'CC0' };
};
const offer = (engine: string, voices: OfferedVoice[]): SpeechOffer => {
  const facts = {
    model: engine,
    digest: '',
    sampleRateHz: 24_000,
    isDeterministic: true,
    usualRtfx: 1,
    canBlend: false,
  };
  return { engine, ...facts, voices };
};

it('has each language once, with who speaks it, and how well at best', () => {
  const offers = [
    offer('kokoro', [voice('af_heart', ['en-us'], 'high'), voice('bf_emma', ['en-gb', 'en-us'], 'medium')]),
    offer('espeak', [voice('espeak', ['en-us', 'de', 'no tag', 'en-us'], 'low')]),
  ];
  expect(spokenLanguages(offers)).toEqual([
    { code: 'de', name: 'German', quality: 'low', engines: ['espeak'], voices: ['espeak'] },
    { code: 'en-gb', name: 'British English', quality: 'medium', engines: ['kokoro'], voices: ['bf_emma'] },
    {
      code: 'en-us',
      name: 'American English',
      quality: 'high',
      engines: ['kokoro', 'espeak'],
      voices: ['af_heart', 'bf_emma', 'espeak'],
    },
    {
      code: 'no tag',
      name: 'no tag',
      quality: 'low',
      engines: ['espeak'],
      voices: ['espeak'],
    },
  ]);
});

it('is empty where nobody speaks', () => {
  expect(spokenLanguages([])).toEqual([]);
});
