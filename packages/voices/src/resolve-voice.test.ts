import { describe, expect, it } from '@jest/globals';
import { type OfferedVoice, SottoError, type SpeechOffer } from '@sotto/contracts';
import { anyString } from '@sotto/testkit/any-string';
import fc from 'fast-check';
import { blendId, parseBlend } from './blend.ts';
import { languageMeant } from './languages.ts';
import { resolveVoice } from './resolve-voice.ts';

const voice = (
  id: string,
  languages: string[],
  gender: OfferedVoice['gender'],
  quality: OfferedVoice['quality'],
): OfferedVoice => ({ id, name: id, languages, gender, quality, kind: 'stock', licence: 'x' });
const offer = (engine: string, voices: OfferedVoice[]): SpeechOffer => ({
  engine,
  model: engine,
  digest: engine,
  sampleRateHz: 24_000,
  isDeterministic: true,
  usualRtfx: 2,
  canBlend: engine === 'kokoro',
  voices,
});
const KOKORO = offer('kokoro', [
  voice('af_heart', ['en-us', 'es', 'fr'], 'female', 'high'),
  voice('am_michael', ['en-us', 'es', 'fr'], 'male', 'high'),
  voice('bf_emma', ['en-gb', 'en-us', 'es', 'fr'], 'female', 'high'),
  voice('ef_dora', ['es', 'en-us', 'fr'], 'female', 'medium'),
]);
const JOE = offer('piper', [voice('joe', ['en-us'], 'male', 'medium')]);
const ESPEAK = offer('espeak', [
  voice('espeak', ['en-us', 'de', 'en-gb', 'es'], 'male', 'low'),
  voice('espeak-f', ['en-us', 'de', 'en-gb', 'es'], 'female', 'low'),
]);
const ALL = [KOKORO, JOE, ESPEAK];
const chosen = (voice: string, language: string, offers = ALL) => {
  const { engine, voice: id, language: spoken } = resolveVoice({ voice, language }, offers);
  return [engine, id, spoken];
};

describe('resolveVoice', () => {
  it.each([
    ['auto', 'auto', ['kokoro', 'af_heart', 'en-us']],
    ['auto', 'en', ['kokoro', 'af_heart', 'en-us']],
    ['auto', 'en-GB', ['kokoro', 'bf_emma', 'en-gb']],
    ['auto', 'es_MX', ['kokoro', 'ef_dora', 'es']],
    ['auto', 'de', ['espeak', 'espeak', 'de']],
    ['AF_Heart', 'auto', ['kokoro', 'af_heart', 'en-us']],
    ['bf_emma', 'en', ['kokoro', 'bf_emma', 'en-gb']],
    ['bf_emma', 'fr', ['kokoro', 'bf_emma', 'fr']],
    ['ash', 'auto', ['kokoro', 'am_michael', 'en-us']],
    ['joe', 'en', ['piper', 'joe', 'en-us']],
    ['af_heart(2)+bf_emma', 'auto', ['kokoro', 'af_heart(2)+bf_emma(1)', 'en-us']],
    ['bf_emma(3)', 'auto', ['kokoro', 'bf_emma', 'en-gb']],
  ])('takes %s in %s for %j', (voice, language, expected) => {
    expect(chosen(voice, language)).toEqual(expected);
  });

  it('goes down to what is installed, and says when that is espeak', () => {
    expect(chosen('auto', 'auto', [JOE, ESPEAK])).toEqual(['piper', 'joe', 'en-us']);
    expect(chosen('nova', 'auto', [ESPEAK])).toEqual(['espeak', 'espeak-f', 'en-us']);
    expect(resolveVoice({ voice: 'auto', language: 'auto' }, [ESPEAK]).warning).toMatch(/better voice/);
    expect(resolveVoice({ voice: 'auto', language: 'auto' }, ALL).warning).toBeNull();
    expect(resolveVoice({ voice: 'espeak', language: 'de' }, ALL).warning).toBeNull();
  });

  it.each([
    ['nobody', 'auto', 'invalid_parameter'],
    ['af_heart+nobody', 'auto', 'invalid_parameter'],
    ['af_heart+joe', 'auto', 'invalid_parameter'],
    ['', 'auto', 'invalid_parameter'],
    ['joe', 'fr', 'language_not_supported'],
    ['auto', 'xx', 'language_not_supported'],
  ])('refuses %j in %s with %s', (voice, language, code) => {
    expect(() => chosen(voice, language)).toThrow(expect.objectContaining({ code }));
  });

  it.each(['__proto__', 'constructor'])('knows no voice %s', (voice) => {
    expect(() => resolveVoice({ voice, language: 'auto' }, ALL)).toThrow(SottoError);
  });

  it('has a voice that the engine knows, or an error of the catalogue, for any strings', () => {
    fc.assert(
      fc.property(anyString(), anyString(), (voice, language) => {
        try {
          const { engine, voice: id } = resolveVoice({ voice, language }, ALL);
          expect(ALL.find((each) => each.engine === engine)?.voices.map((each) => each.id)).toContain(id);
        } catch (error) {
          expect(error).toBeInstanceOf(SottoError);
        }
      }),
    );
  });
});

describe('parseBlend', () => {
  it.each(['a(0)', 'a(101)', 'a(1', 'a++b', '+', 'a(-1)', '../a', 'a(1)(2)', Array(9).fill('a').join('+')])(
    'refuses %j',
    (blend) => {
      expect(() => parseBlend(blend)).toThrow(SottoError);
    },
  );

  it('reads what it writes', () => {
    const part = fc.record({
      voice: fc.stringMatching(/^[a-z][a-z_]{0,8}$/),
      weight: fc.integer({ min: 1, max: 100 }),
    });
    const parts = fc.uniqueArray(part, { minLength: 2, maxLength: 8, selector: (each) => each.voice });
    fc.assert(fc.property(parts, (each) => expect(parseBlend(blendId(each))).toEqual(each)));
  });
});

describe('languageMeant', () => {
  it.each([
    ['en', ['en-gb', 'en-us'], 'en-us'],
    ['EN_gb', ['en-us', 'en-gb'], 'en-gb'],
    ['en-au', ['en-gb'], 'en-gb'],
    ['pt', ['pt', 'pt-br'], 'pt'],
    ['zh', ['cmn'], 'cmn'],
    ['de-at', ['de'], 'de'],
    ['de', ['fr'], null],
  ])('takes %s of %j for %j', (asked, offered, expected) => {
    expect(languageMeant(asked, offered)).toBe(expected);
  });
});
