import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { voiceUseOf } from './voice-use.ts';

const OWN = `voice_${'0a'.repeat(16)}`;
const piece = (voice: string, spoken: string) => {
  return { shown: spoken, spoken, voice, language: 'en-us', speed: 1, pauseMs: 100 };
};
const planOf = (characters: number, pieces: ReturnType<typeof piece>[]) => ({ characters, pieces });
const heard = (durations: readonly number[]) => durations.map((durationMs, index) => ({ index, durationMs }));

describe('voiceUseOf', () => {
  it('is all characters of a text with one voice, and its speech', () => {
    const plan = planOf(30, [piece('joe', 'One.'), piece('joe', 'Twenty.')]);
    expect(voiceUseOf(plan, heard([400, 700]))).toEqual([
      { voice: 'joe', kind: 'stock', characters: 30, audioMs: 1100 },
    ]);
  });

  it('divides a text among its voices, and knows what they are', () => {
    const pieces = [piece('af_sky', 'aaaa'), piece(OWN, 'bb'), piece('af_sky(2)+af_bella(1)', 'cc')];
    expect(voiceUseOf(planOf(100, pieces), heard([4, 2, 1]))).toEqual([
      { voice: 'af_sky', kind: 'stock', characters: 50, audioMs: 4 },
      { voice: OWN, kind: 'own', characters: 25, audioMs: 2 },
      { voice: 'af_sky(2)+af_bella(1)', kind: 'blend', characters: 25, audioMs: 1 },
    ]);
  });

  it('adds up to what was charged and to what is heard, whoever speaks what', () => {
    const pieces = fc.array(
      fc.record({
        voice: fc.constantFrom('joe', 'espeak', 'a+b', OWN),
        spoken: fc.string({ maxLength: 40 }),
        ms: fc.nat(60_000),
      }),
      { minLength: 1, maxLength: 50 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), pieces, (characters, said) => {
        const plan = planOf(
          characters,
          said.map(({ voice, spoken }) => piece(voice, spoken)),
        );
        const use = voiceUseOf(plan, heard(said.map(({ ms }) => ms)));
        const sum = (read: (one: (typeof use)[number]) => number) => use.reduce((all, one) => all + read(one), 0);
        expect(sum((one) => one.characters)).toBe(characters);
        expect(sum(({ audioMs }) => audioMs)).toBe(said.reduce((all, { ms }) => all + ms, 0));
        expect(use.every((one) => one.characters >= 0)).toBe(true);
        expect(new Set(use.map(({ voice }) => voice)).size).toBe(use.length);
      }),
    );
  });
});
