/** @busy Its engine keeps every core busy. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { baseModelDir, comparableWords, describeWith, realRecordings, wordErrorRate } from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { JFK, KENNEDY } from './pieces.ts';

jest.setTimeout(600_000);

/** The MIT licence, as far as it is read. */
const LICENCE_IN_ENGLISH = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
  associated documentation files, to deal in the Software without restriction, including without limitation the rights to
  use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to
  whom the Software is furnished to do so, subject to the following conditions: The above copyright notice and this
  permission notice shall be included in all copies or substantial portions of the Software.`;
const LICENCE_IN_GERMAN = `Jedem, der diese Software und die dazugehörigen Dokumentationsdateien erhält, wird hiermit unentgeltlich
  die Genehmigung erteilt, mit der Software uneingeschränkt zu verfahren. Dies umfasst insbesondere das Recht, die Software
  zu verwenden, zu vervielfältigen, zu modifizieren, zusammenzufügen, zu veröffentlichen, zu verteilen, unterzulizenzieren
  und oder Kopien der Software zu verkaufen und diese Rechte`;

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

    it.each([
      ['found by itself', {}],
      ['asked for', { multilingual: true as const }],
      ['asked for, with the languages', { multilingual: true as const, languages: ['de' as const, 'en' as const] }],
    ])('writes each language in its place when it changes on the way: %s', async (_how, options) => {
      const path = join(folder, 'multilingual.mp3');
      const transcript = await fleet.transcribe(
        path,
        { container: 'mp3', options: { ...options, beamSize: 5 } },
        300_000,
      );
      const textIn = (language: string) =>
        transcript.segments.filter((segment) => segment.language === language).map(({ text }) => text);
      expect(new Set(transcript.segments.map(({ language }) => language))).toEqual(new Set(['en', 'de']));
      const languages = transcript.segments.map(({ language }) => language);
      expect(languages.lastIndexOf('en')).toBeLessThan(languages.indexOf('de'));
      expect(wordErrorRate(LICENCE_IN_ENGLISH, textIn('en').join(''))).toBeLessThanOrEqual(0.08);
      expect(wordErrorRate(LICENCE_IN_GERMAN, textIn('de').join(''))).toBeLessThanOrEqual(0.25);
    });
  });
});
