import { describe, expect, it } from '@jest/globals';
import type { OfferedVoice } from '@sotto/contracts';
import { cast } from './cast.ts';

const voice = (id: string, gender: 'female' | 'male', language = 'en-us'): OfferedVoice => {
  return { id, name: id, languages: [language], gender, quality: 'high', kind: 'stock', licence: 'CC0' };
};
const VOICES = [
  voice('ann', 'female'),
  voice('eve', 'female'),
  voice('bob', 'male', 'en-gb'),
  voice('tom', 'male'),
  voice('ida', 'female', 'it'),
];
const USUAL = { voice: 'ann', language: 'en-us' };
const roles = (...named: (string | null)[]) => named.map((each, speaker) => ({ speaker, named: each }));
const voicesOf = (...named: (string | null)[]) => [...cast(roles(...named), USUAL, { voices: VOICES }).values()];

describe('voices of speakers', () => {
  it('are different, female and male in turn, and begin again when there are no more', () => {
    expect(voicesOf(null, null, null, null, null)).toEqual([null, 'bob', 'eve', 'tom', null]);
  });

  it('are those that were chosen, which nobody else has', () => {
    expect(voicesOf('bob', null, null)).toEqual(['bob', null, 'eve']);
    expect(voicesOf(null, 'ann', null)).toEqual(['bob', 'ann', 'eve']);
  });

  it('are the usual one for what nobody is known to say, and where there is no other', () => {
    expect([...cast([{ speaker: null, named: null }], USUAL, { voices: VOICES }).values()]).toEqual([null]);
    expect([...cast(roles(null, null), USUAL, undefined).values()]).toEqual([null, null]);
  });
});
