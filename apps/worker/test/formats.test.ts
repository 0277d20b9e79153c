import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  concat,
  ffmpeg,
  pause,
  type Service,
  speakPhrase,
  startService,
  wordErrorRate,
  writeWav,
} from '@sotto/testkit';

jest.setTimeout(120_000);

const TEXT = 'hello world one two three four';
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=size=96x64:rate=5', '-shortest'];

/** What the owner's specification lists (4.3), one file each, sound of video with a picture beside it. */
const FORMATS: [extension: string, args: string[], picture?: boolean][] = [
  ['mp3', ['-b:a', '96k']],
  ['wav', ['-ar', '44100', '-ac', '2']],
  ['ogg', ['-c:a', 'libvorbis', '-ar', '44100']],
  ['flac', []],
  ['m4a', ['-c:a', 'aac', '-b:a', '96k']],
  ['aac', ['-c:a', 'aac', '-b:a', '96k']],
  ['wma', ['-c:a', 'wmav2', '-ar', '44100', '-b:a', '96k']],
  ['mp4', ['-c:v', 'mpeg4', '-c:a', 'aac', '-b:a', '96k'], true],
  ['webm', ['-c:v', 'libvpx', '-c:a', 'libopus', '-b:a', '64k'], true],
  ['avi', ['-c:v', 'mpeg4', '-c:a', 'libmp3lame', '-ar', '44100'], true],
  ['mov', ['-c:v', 'mpeg4', '-c:a', 'aac', '-b:a', '96k'], true],
  ['mkv', ['-c:v', 'mpeg4', '-c:a', 'flac'], true],
  ['flv', ['-c:v', 'flv', '-c:a', 'libmp3lame', '-ar', '44100'], true],
];

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
  it.each(FORMATS)('%s', async (extension, args, picture = false) => {
    const path = join(service.folder, `speech.${extension}`);
    await ffmpeg('-i', source, ...(picture ? PICTURE : []), ...args, path);
    const form = new FormData();
    form.append('file', new Blob([await readFile(path)]), basename(path));
    const response = await fetch(`${service.url}/transcribe`, { method: 'POST', body: form });
    const body = (await response.json()) as { text: string; language: string; duration: number };
    expect([response.status, body]).toMatchObject([200, { language: 'en' }]);
    expect(wordErrorRate(TEXT, body.text)).toBe(0);
    expect(body.duration).toBeGreaterThan(3);
  });
});
