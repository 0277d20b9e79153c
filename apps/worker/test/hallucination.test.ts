/** @busy Its engine keeps every core busy. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Segment, Transcript } from '@sotto/contracts';
import {
  comparableWords,
  concat,
  describeWith,
  nanoModelDir,
  pause,
  REPOSITORY,
  realRecordings,
  speak,
  tinyEnModelDir,
  wordErrors,
  writeWav,
} from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { SOUNDS } from './sounds.ts';

jest.setTimeout(600_000);

const MINUTE_MS = 60_000;

/** What a reader would believe was said: words of segments without flags. */
function unflaggedWords(segments: readonly Segment[]): string[] {
  return segments.filter(({ flags }) => flags.length === 0).flatMap(({ text }) => comparableWords(text));
}

const JFK = join(REPOSITORY, 'packages/whisper/node_modules/nodejs-whisper/cpp/whisper.cpp/samples/jfk.mp3');

const tinyEn = await tinyEnModelDir();
const { laughter: _, ...voiceless } = SOUNDS;
const MODELS = [
  { model: 'tiny.en', folder: tinyEn, sounds: SOUNDS, minutes: 10 },
  // To a model that knows only 65 words any voice is words, so it is not tried on laughter.
  { model: 'sotto-nano', folder: { value: await nanoModelDir() }, sounds: voiceless, minutes: 1 },
];

for (const { model, folder, sounds, minutes } of MODELS) {
  describeWith(folder, `${model} where nobody speaks`, (modelDir) => {
    let fleet: Fleet;

    beforeAll(async () => {
      fleet = await Fleet.start({ roles: [['prepare', 'transcribe']], modelDir, model });
    });

    afterAll(() => fleet.close());

    async function heard(name: string, samples: Int16Array, options = {}): Promise<Transcript> {
      const path = join(fleet.folder, `${name}.wav`);
      await writeWav(path, samples);
      return fleet.transcribe(path, { options: { language: 'en', ...options } }, 500_000);
    }

    it(`${minutes} min each of ${Object.keys(sounds).join(', ')}: at most one word in all`, async () => {
      const words: string[] = [];
      for (const [name, make] of Object.entries(sounds)) {
        const minute = make(MINUTE_MS);
        const { segments } = await heard(name, concat(...Array<Int16Array>(minutes).fill(minute)));
        words.push(...unflaggedWords(segments));
      }
      expect(words.length).toBeLessThanOrEqual(1);
    });

    it('20 s of each, without looking for speech first: at most one word in all is left unflagged', async () => {
      const words: string[] = [];
      for (const [name, make] of Object.entries(sounds)) {
        const { segments, dropped } = await heard(name, make(20_000), { vad: false });
        words.push(...unflaggedWords(segments));
        for (const { flags } of dropped) expect(flags.length).toBeGreaterThanOrEqual(2);
      }
      expect(words.length).toBeLessThanOrEqual(1);
    });

    it('keeps all of it, with its flags, when asked to, and says nothing when it is off', async () => {
      const buzz = concat(SOUNDS.hum?.(20_000) ?? pause(0));
      const flagged = await heard('flag', buzz, { vad: false, hallucinationFilter: 'flag' });
      expect(flagged.dropped).toEqual([]);
      const off = await heard('off', buzz, { vad: false, hallucinationFilter: 'off' });
      expect(off.segments.flatMap(({ flags }) => flags)).toEqual([]);
      expect(off.text).toBe(flagged.text);
      const usual = await heard('drop', buzz, { vad: false });
      expect(usual.segments.length + usual.dropped.length).toBe(off.segments.length);
    });
  });
}

describeWith(tinyEn, 'the filter on real speech', (modelDir) => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'transcribe']], modelDir, model: 'tiny.en' });
  });

  afterAll(() => fleet.close());

  const withAndWithout = (path: string, container: 'mp3' | 'mp4' | 'wav') =>
    Promise.all(
      (['drop', 'off'] as const).map((hallucinationFilter) =>
        fleet.transcribe(path, { container, options: { hallucinationFilter } }, 300_000),
      ),
    );

  it('loses nothing of Kennedy', async () => {
    const [dropped, off] = await withAndWithout(JFK, 'mp3');
    expect(dropped?.text).toBe(off?.text);
    expect(dropped?.segments.flatMap(({ flags }) => flags)).toEqual([]);
  });

  it('loses nothing of a speech between noises', async () => {
    const { samples } = await speak('She opened the letter, read it twice, and put it back into the drawer.', {});
    const path = join(fleet.folder, 'between.wav');
    await writeWav(path, concat(SOUNDS['pink noise']?.(5000) ?? pause(0), samples, SOUNDS.music?.(5000) ?? pause(0)));
    const [dropped, off] = await withAndWithout(path, 'wav');
    expect(comparableWords(dropped?.text ?? '')).toEqual(expect.arrayContaining(['letter', 'twice']));
    expect(dropped?.text).toBe(off?.text);
  });

  describeWith(realRecordings('ted_60.m4a'), 'a minute of a talk', (folder) => {
    it('has the same words with the filter as without', async () => {
      const [dropped, off] = await withAndWithout(join(folder, 'ted_60.m4a'), 'mp4');
      const said = await readFile(join(folder, 'ted_60.txt'), 'utf8');
      expect(wordErrors(said, dropped?.text ?? '')).toEqual(wordErrors(said, off?.text ?? ''));
      expect(dropped?.dropped).toEqual([]);
    });
  });
});
