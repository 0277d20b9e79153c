import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_SPEED, MIN_SPEED, type OfferedVoice } from '@sotto/contracts';
import { anyString } from '@sotto/testkit/any-string';
import fc from 'fast-check';
import { MAX_PIECE_CHARACTERS, MAX_PIECE_MS, type SpeechEngine } from '../src/index.ts';

const SENTENCE = 'The children ran outside and played in the snow.';

/** What every SpeechEngine does, whatever speaks in it. `stringsToSpeak` is how many strings nobody would write it is given. */
export function speechEngineContract(
  open: () => Promise<SpeechEngine>,
  { stringsToSpeak }: { stringsToSpeak: number },
) {
  let engine: SpeechEngine;
  let voice: OfferedVoice;
  const never = new AbortController().signal;
  const speak = (piece: { text?: string; voice?: string; language?: string; speed?: number }, signal = never) =>
    engine.speak({ text: SENTENCE, voice: voice.id, language: voice.languages[0] ?? '', speed: 1, ...piece }, signal);
  const seconds = (samples: Int16Array) => samples.length / engine.sampleRateHz;

  beforeAll(async () => {
    engine = await open();
    [voice] = engine.voices() as [OfferedVoice];
  }, 60_000);
  afterAll(() => engine.close());

  describe('its voices', () => {
    it('have ids of their own and languages in lower case', () => {
      const ids = engine.voices().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { id, name, languages, licence } of engine.voices()) {
        expect(id).toMatch(/^[a-z][a-z0-9_-]*$/);
        expect(languages.length).toBeGreaterThan(0);
        expect(languages.every((code) => /^[a-z]{2,4}(-[a-z0-9]+)*$/.test(code))).toBe(true);
        expect(name.length * licence.length).toBeGreaterThan(0);
      }
    });
  });

  describe('speaking', () => {
    it('makes speech of a sentence, as long as one takes, without silence around it', async () => {
      const samples = await speak({});
      expect(seconds(samples)).toBeGreaterThan(1.5);
      expect(seconds(samples)).toBeLessThan(6);
      const loud = (sample: number) => Math.abs(sample) > 328;
      const quietMs = [samples.findIndex(loud), samples.length - 1 - samples.findLastIndex(loud)].map(
        (count) => (count / engine.sampleRateHz) * 1000,
      );
      for (const ms of quietMs) expect(ms).toBeLessThanOrEqual(41);
    });

    it('says the same again in the same samples, where it claims so', async () => {
      const [one, two] = [await speak({}), await speak({})];
      if (engine.isDeterministic) expect(Buffer.from(one.buffer).equals(Buffer.from(two.buffer))).toBe(true);
      else expect(Math.abs(seconds(one) - seconds(two))).toBeLessThan(1);
    });

    it('speaks faster and slower', async () => {
      const [slow, usual, fast] = [await speak({ speed: 0.7 }), await speak({}), await speak({ speed: 1.4 })];
      expect(slow.length).toBeGreaterThan(usual.length * 1.15);
      expect(fast.length).toBeLessThan(usual.length * 0.87);
      for (const speed of [MIN_SPEED, MAX_SPEED])
        expect((await speak({ speed, text: 'Yes.' })).length).toBeGreaterThan(0);
    });

    it.each(['', ' ', '...', '\n\t', '—', '"!?"'])('has nothing to say of %j', async (text) => {
      expect((await speak({ text })).length).toBe(0);
    });

    it('answers many at once, each with its own text', async () => {
      const texts = ['One.', 'One, two, three, four, five, six, seven, eight, nine, ten.', 'Two.'];
      const [one, ten, two] = await Promise.all(texts.map((text) => speak({ text })));
      expect(ten?.length).toBeGreaterThan(2 * Math.max(one?.length ?? 0, two?.length ?? 0));
    });

    it('makes finite audio of any string, or says why not', async () => {
      const any = anyString({ maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(any, async (text) => {
          const samples = await speak({ text }).catch((error) =>
            expect(error).toMatchObject({ code: 'speech_failed' }),
          );
          if (samples) expect(seconds(samples) * 1000).toBeLessThan(MAX_PIECE_MS);
        }),
        { numRuns: stringsToSpeak },
      );
    });
  });

  describe('what it refuses', () => {
    it.each([
      ['a voice that it has not', { voice: 'nobody' }, 'invalid_parameter'],
      ['a language that the voice has not', { language: 'xx' }, 'language_not_supported'],
      ['no speed', { speed: 0 }, 'invalid_parameter'],
      ['a negative speed', { speed: -1 }, 'invalid_parameter'],
      ['a speed that is no number', { speed: Number.NaN }, 'invalid_parameter'],
      ['too much speed', { speed: MAX_SPEED + 0.01 }, 'invalid_parameter'],
      ['too much text', { text: 'a'.repeat(MAX_PIECE_CHARACTERS + 1) }, 'invalid_parameter'],
    ])('%s', async (_what, piece, code) => {
      await expect(speak(piece)).rejects.toMatchObject({ code });
    });
  });

  describe('being stopped', () => {
    it('does not begin what was aborted before', async () => {
      await expect(speak({}, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    });

    it('stops soon, whether it speaks or waits, and speaks on with the next', async () => {
      const stop = new AbortController();
      const long = `${SENTENCE} `.repeat(8);
      const both = [speak({ text: long }, stop.signal), speak({ text: long }, stop.signal)];
      const settled = Promise.allSettled(both);
      const after = speak({ text: 'Next.' });
      stop.abort(new Error('left'));
      for (const each of await settled) expect(each).toMatchObject({ status: 'rejected', reason: { message: 'left' } });
      expect((await after).length).toBeGreaterThan(0);
    });
  });

  it('ends what it speaks when it is closed, and can be closed twice', async () => {
    const other = await open();
    const speaking = other.speak(
      { text: `${SENTENCE} `.repeat(8), voice: voice.id, language: voice.languages[0] ?? '', speed: 1 },
      never,
    );
    const ended = expect(speaking).rejects.toMatchObject({ code: 'shutting_down' });
    await Promise.all([other.close(), other.close()]);
    await ended;
    await expect(
      other.speak({ text: 'Hi.', voice: voice.id, language: voice.languages[0] ?? '', speed: 1 }, never),
    ).rejects.toMatchObject({ code: 'shutting_down' });
  });
}
