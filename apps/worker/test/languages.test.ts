/** @alone Its engine keeps every core busy. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { baseModelDir, comparableWords, describeWith, realRecordings } from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { JFK, KENNEDY } from './pieces.ts';

jest.setTimeout(600_000);

describeWith(await baseModelDir(), 'a worker with a multilingual model', (modelDir) => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'transcribe']], modelDir, model: 'base' });
  });

  afterAll(() => fleet.close());

  it('hears Kennedy word for word, and which language that is', async () => {
    const transcript = await fleet.transcribe(JFK, { container: 'mp3', options: { beamSize: 5 } }, 300_000);
    expect(comparableWords(transcript.text)).toEqual(comparableWords(KENNEDY));
    expect(transcript).toMatchObject({ language: 'en', model: 'base', warnings: [] });
  });

  describeWith(realRecordings('es.wav', 'ja.wav', 'multilingual.mp3'), 'on recordings in other languages', (folder) => {
    it.each([
      ['es.wav', 'es', /^[\p{Script=Latin}\s\p{P}]+$/u],
      ['ja.wav', 'ja', /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\s\p{P}]+$/u],
    ])('%s: is written in its own language', async (file, language, script) => {
      const transcript = await fleet.transcribe(join(folder, file), {}, 300_000);
      expect(transcript).toMatchObject({ language, warnings: [] });
      expect(transcript.languageProbability).toBeGreaterThan(0.9);
      expect(transcript.text).toMatch(script);
      const words = transcript.segments.flatMap((segment) => segment.words);
      expect(words.length).toBeGreaterThan(2);
      for (const { startMs, endMs } of words) {
        expect(startMs).toBeLessThanOrEqual(endMs);
        expect(endMs).toBeLessThanOrEqual(transcript.durationMs);
      }
    });

    it('takes a language that was named, and translates', async () => {
      const named = await fleet.transcribe(join(folder, 'es.wav'), { options: { language: 'es' } }, 300_000);
      const translated = await fleet.transcribe(join(folder, 'es.wav'), { options: { task: 'translate' } }, 300_000);
      expect(named).toMatchObject({ language: 'es', languageProbability: null });
      expect(translated.language).toBe('es');
      expect(comparableWords(translated.text)).not.toEqual(comparableWords(named.text));
    });

    it('falls over nothing when the language changes on the way', async () => {
      const path = join(folder, 'multilingual.mp3');
      const transcript = await fleet.transcribe(path, { container: 'mp3' }, 300_000);
      expect(transcript.durationMs).toBeGreaterThan(55_000);
      expect(transcript.segments.length).toBeGreaterThan(1);
      // Both are spoken, one after the other; a recording has the language that most of it is in.
      expect(['en', 'de']).toContain(transcript.language);
    });
  });
});
