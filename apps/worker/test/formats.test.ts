import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  concat,
  pause,
  type Service,
  SPEECH_FORMATS,
  type SpeechFormat,
  speakPhrase,
  startService,
  wordErrorRate,
  writeInFormat,
  writeWav,
} from '@sotto/testkit';

jest.setTimeout(120_000);

const TEXT = 'hello world one two three four';
let service: Service;
let source: string;

beforeAll(async () => {
  service = await startService();
  source = join(service.folder, 'source.wav');
  const phrase = await speakPhrase({ text: TEXT, voice: 'en-us', speed: 140, pitch: 50 });
  await writeWav(source, concat(pause(700), phrase.samples, pause(700)));
});

afterAll(() => service.close());

describe('one file of each format', () => {
  it.each(SPEECH_FORMATS)('$extension', async (format: SpeechFormat) => {
    const path = join(service.folder, `coded.${format.extension}`);
    await writeInFormat(format, source, path, { withPicture: true });
    const form = new FormData();
    form.append('file', new Blob([await readFile(path)]), basename(path));
    const response = await fetch(`${service.url}/transcribe`, { method: 'POST', body: form });
    const body = (await response.json()) as { text: string; language: string; duration: number };
    expect([response.status, body]).toMatchObject([200, { language: 'en' }]);
    expect(wordErrorRate(TEXT, body.text)).toBe(0);
    expect(body.duration).toBeGreaterThan(3);
  });
});
