import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import {
  comparableWords,
  concat,
  describeWith,
  durationMsOf,
  ffmpeg,
  pause,
  REPOSITORY,
  type Resource,
  readWav,
  speak,
  speakWithTimes,
  tinyEnModelDir,
  wordErrorRate,
  wordErrors,
  writeWav,
} from '@sotto/testkit';
import { shareWithin, startErrors } from './alignment.ts';
import { Fleet } from './fleet.ts';

jest.setTimeout(600_000);

const SENTENCES = [
  'The old man walked slowly along the river and looked at the boats.',
  'Nobody knows exactly when the first people came to this island.',
  'She opened the letter, read it twice, and put it back into the drawer.',
  'The train to the city leaves every morning at half past seven.',
  'We need more time before we can answer all of these questions.',
  'In winter the mountain road is closed because of heavy snow.',
  'My brother bought a new computer and sold his old one to a friend.',
  'The doctor told him to drink more water and to sleep eight hours.',
  'They built a small house of wood and stone near the forest.',
  'After the concert everybody went home in the rain.',
];
const VOICES = ['en-us', 'en-us+f2', 'en-gb'];
const KENNEDY =
  'And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.';
const PAUSES_MS = [1000, 4000, 20_000, 2000, 8000, 1500, 12_000, 3000, 6000];

const TED = join(REPOSITORY, '../shared/data');
const ted: Resource<string> = existsSync(join(TED, 'ted_60.m4a'))
  ? { value: TED }
  : { skipped: 'ted_60.m4a is not here; it is not ours to publish' };

/** The recording that comes with the engine's sources. */
const JFK = join(REPOSITORY, 'packages/whisper/node_modules/nodejs-whisper/cpp/whisper.cpp/samples/jfk.mp3');

describeWith(await tinyEnModelDir(), 'tiny.en on connected speech', (modelDir) => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'transcribe']], modelDir, model: 'tiny.en' });
  });

  afterAll(() => fleet.close());

  async function transcribeSamples(name: string, ...parts: Int16Array[]) {
    const path = join(fleet.folder, name);
    await writeWav(path, concat(...parts));
    return fleet.transcribe(path, {}, 300_000);
  }

  it('hears Kennedy word for word, and says that it knows English only', async () => {
    const transcript = await fleet.transcribe(JFK, { container: 'mp3' }, 300_000);
    expect(comparableWords(transcript.text)).toEqual(comparableWords(KENNEDY));
    expect(transcript).toMatchObject({ language: 'en', model: 'tiny.en', warnings: [{ code: 'language_assumed' }] });
  });

  it('hears ten pieces with pauses as well as each alone, and nothing in the pauses', async () => {
    const kennedy = join(fleet.folder, 'kennedy.wav');
    await ffmpeg('-i', JFK, '-ar', '16000', '-ac', '1', kennedy);
    const pieces = [{ text: KENNEDY, samples: await readWav(kennedy) }];
    for (const [i, text] of SENTENCES.slice(1).entries()) {
      pieces.push({ text, samples: (await speak(text, { voice: VOICES[i % 3] ?? 'en-us', speed: 135 })).samples });
    }
    const alone = { errors: 0, words: 0 };
    for (const { text, samples } of pieces) {
      const one = wordErrors(text, (await transcribeSamples('piece.wav', pause(300), samples, pause(300))).text);
      alone.errors += one.errors;
      alone.words += one.words;
    }
    const starts: number[] = [];
    const parts: Int16Array[] = [pause(1000)];
    for (const [i, { samples }] of pieces.entries()) {
      starts.push(durationMsOf(concat(...parts)));
      parts.push(samples, pause(PAUSES_MS[i] ?? 1000));
    }
    const { text, segments } = await transcribeSamples('pieces.wav', ...parts);
    expect(wordErrorRate(pieces.map((piece) => piece.text).join(' '), text)).toBeLessThanOrEqual(
      alone.errors / alone.words + 0.01,
    );
    const spoken = starts.map((startMs, i) => ({
      startMs: startMs - 400,
      endMs: startMs + durationMsOf(pieces[i]?.samples ?? pause(0)) + 400,
    }));
    const inPauses = segments
      .flatMap(({ words }) => words)
      .filter(({ startMs, endMs }) => !spoken.some((span) => span.startMs < endMs && startMs < span.endMs));
    expect(inPauses).toEqual([]);
  });

  it('says when words begin: >= 80 % within 200 ms', async () => {
    const errors: number[] = [];
    for (const [i, text] of SENTENCES.entries()) {
      const plain = text.replace(/[,.]/g, '');
      const speech = await speakWithTimes(plain, { voice: i % 2 === 0 ? 'en-us' : 'en-us+f2', speed: 150 });
      const { segments } = await transcribeSamples('times.wav', pause(500), speech.samples, pause(500));
      const said = speech.words.map(({ word, startMs }) => ({ word, startMs: startMs + 500 }));
      errors.push(
        ...startErrors(
          said,
          segments.flatMap(({ words }) => words),
        ),
      );
    }
    expect(errors.length).toBeGreaterThan(80);
    expect(shareWithin(errors, 200)).toBeGreaterThanOrEqual(0.8);
  });

  describeWith(ted, 'a minute of a talk', (folder) => {
    it.each([1, 5])('has <= 7 %% word errors with beam size %i', async (beamSize) => {
      const path = join(folder, 'ted_60.m4a');
      const { text } = await fleet.transcribe(path, { container: 'mp4', options: { beamSize } }, 300_000);
      expect(wordErrorRate(await readFile(join(folder, 'ted_60.txt'), 'utf8'), text)).toBeLessThanOrEqual(0.07);
    });

    it('falls over nothing: other languages, two speakers, eight channels', async () => {
      for (const file of ['es.wav', 'ja.wav', 'two_speakers_left_right.wav']) {
        expect(await fleet.transcribe(join(folder, file), {}, 300_000)).toMatchObject({ language: 'en' });
      }
      const eight = await fleet.transcribe(join(folder, 'eight_channels.m4a'), { container: 'mp4' }, 300_000);
      expect(eight.durationMs).toBeGreaterThan(7000);
    });
  });
});
