import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { concat, NANO_WORDS, type NanoLanguage, pause, speakPhrase, writeWav } from '@sotto/testkit';
import { Fleet } from './fleet.ts';

jest.setTimeout(120_000);

const VOICES: Record<NanoLanguage, string> = { en: 'en-us', es: 'es', de: 'de' };

let fleet: Fleet;

beforeAll(async () => {
  fleet = await Fleet.start({ roles: [['prepare', 'transcribe']] });
});

afterAll(() => fleet.close());

/** Phrases with a pause of 1.2 s before each. */
async function spoken(name: string, phrases: readonly [NanoLanguage, string][]): Promise<string> {
  const parts: Int16Array[] = [];
  for (const [language, text] of phrases) {
    parts.push(pause(1_200), (await speakPhrase({ text, voice: VOICES[language], speed: 140 })).samples);
  }
  const path = join(fleet.folder, name);
  await writeWav(path, concat(...parts, pause(800)));
  return path;
}

/** Words of a language, from the given one on; no other language has them. */
const words = (language: NanoLanguage, from: number, count: number) =>
  NANO_WORDS[language].slice(from, from + count).join(' ');

const PHRASES: [NanoLanguage, string][] = [
  ['en', words('en', 11, 5)],
  ['de', words('de', 3, 5)],
  ['en', words('en', 16, 4)],
];
const TEXT = PHRASES.map(([, text]) => text).join(' ');

describe('a recording in several languages', () => {
  it('is heard in each of them where they are asked for, in one window', async () => {
    const path = await spoken('several.wav', PHRASES);
    const options = { multilingual: true, languages: ['de', 'en'] } as const;
    const transcript = await fleet.transcribe(path, { options: { ...options, languages: [...options.languages] } });
    expect(transcript).toMatchObject({ text: TEXT, language: 'en' });
    const heard = transcript.segments.map(({ language, text }) => [language, text.trim()]);
    expect(new Set(heard.map(([language]) => language))).toEqual(new Set(['en', 'de']));
    for (const [language, text] of heard) {
      expect(PHRASES.some(([of, said]) => of === language && said.includes(text ?? '?'))).toBe(true);
    }
    const times = transcript.segments.flatMap(({ startMs, endMs }) => [startMs, endMs]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('is heard in the only possible language, if that is named, and says so when it doubts', async () => {
    const path = await spoken('german.wav', [['de', words('de', 3, 5)]]);
    const detected = await fleet.transcribe(path, { options: { languages: ['de', 'es'] } });
    expect(detected).toMatchObject({ text: words('de', 3, 5), language: 'de' });
    const only = await fleet.transcribe(path, { options: { languages: ['es'] } });
    expect(only).toMatchObject({ language: 'es', languageProbability: 1 });
  });
});
