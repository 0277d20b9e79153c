import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { wireVerboseTranscriptSchema } from '@sotto/contracts';
import { concat, encodeWav, NANO_WORDS, pause, type Service, speakPhrase, startService } from '@sotto/testkit';
import { transcribe } from './support/replies.ts';

const GERMAN = NANO_WORDS.de.slice(3, 8).join(' ');
const ENGLISH = NANO_WORDS.en.slice(11, 16).join(' ');

let service: Service;
let german: Int16Array;
let english: Int16Array;

beforeAll(async () => {
  service = await startService({ env: { LANGUAGES: 'es, german' } });
  german = (await speakPhrase({ text: GERMAN, voice: 'de', speed: 140 })).samples;
  english = (await speakPhrase({ text: ENGLISH, voice: 'en-us', speed: 140 })).samples;
});

afterAll(() => service?.close());

async function heard(samples: Int16Array, fields: Record<string, string> = {}) {
  const bytes = encodeWav(concat(pause(500), samples, pause(500)));
  const reply = await transcribe(service.url, { bytes }, { response_format: 'verbose_json', ...fields });
  return wireVerboseTranscriptSchema.parse(reply.json);
}

it('considers the languages of the service, unless a request names others', async () => {
  expect(await heard(german)).toMatchObject({ text: GERMAN, language: 'de', languages: [{ code: 'de' }] });
  expect(['de', 'es']).toContain((await heard(english)).language);
  expect(await heard(english, { languages: 'en,de' })).toMatchObject({ text: ENGLISH, language: 'en' });
  expect(await heard(english, { language: 'en' })).toMatchObject({ text: ENGLISH, language_probability: null });
});

it('hears several languages, and says which and for how long', async () => {
  const both = concat(english, pause(1_200), german);
  const { text, segments, languages = [], duration } = await heard(both, { language: 'multi', languages: 'de,en' });
  expect(text).toBe(`${ENGLISH} ${GERMAN}`);
  expect(segments.map(({ language }) => language)).toEqual(['en', 'de']);
  expect(languages.map(({ code }) => code).sort()).toEqual(['de', 'en']);
  const total = languages.reduce((sum, { seconds }) => sum + seconds, 0);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(duration);
});

it.each([
  [{ languages: 'de,klingon' }, /^languages: .*klingon/],
  [{ language: 'multiple' }, /^language: is not a language Whisper knows/],
])('refuses %o', async (fields, detail) => {
  const bytes = encodeWav(german);
  const reply = await transcribe(service.url, { bytes }, fields as Record<string, string>);
  expect(reply.status).toBe(422);
  expect(reply.json?.detail).toMatch(detail);
});
