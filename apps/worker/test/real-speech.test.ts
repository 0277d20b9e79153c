/** @busy Its engine keeps every core busy. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Transcript } from '@sotto/contracts';
import {
  comparableWords,
  concat,
  describeWith,
  ffmpeg,
  pause,
  realRecordings,
  shareWithin,
  speakWithTimes,
  startErrors,
  tinyEnModelDir,
  type WordErrors,
  wordErrorRate,
  wordErrors,
  writeWav,
} from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { JFK, KENNEDY, SENTENCES, tenPieces, withPauses } from './pieces.ts';

jest.setTimeout(600_000);

const VOICES = ['en-us', 'en-us+f2', 'en-us+m3', 'en-us+f4'];
const SPEEDS = [130, 150, 170];

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

  it.each(['flac', 'wav'] as const)(
    'hears Kennedy as well in a %s far too quiet and off the middle, if asked to enhance it',
    async (container) => {
      const plain = await fleet.transcribe(JFK, { container: 'mp3' }, 300_000);
      const path = join(fleet.folder, `quiet.${container}`);
      await ffmpeg(
        '-i',
        JFK,
        '-af',
        'volume=-42dB,dcshift=0.2',
        '-ar',
        '16000',
        '-ac',
        '1',
        '-c:a',
        container === 'wav' ? 'pcm_s16le' : 'flac',
        path,
      );
      expect(await fleet.transcribe(path, { container }, 300_000)).toMatchObject({ text: '' });
      const heard = await fleet.transcribe(path, { container, options: { enhance: 'auto' } }, 300_000);
      expect(comparableWords(heard.text)).toEqual(comparableWords(KENNEDY));
      expect(heard.warnings.map(({ code }) => code)).toEqual(['enhanced', 'language_assumed']);
      const wordsOf = ({ segments }: Transcript) => segments.flatMap(({ words }) => words);
      const starts = wordsOf(plain).map(({ startMs }) => startMs);
      const later = wordsOf(heard).map(({ startMs }, at) => startMs - (starts[at] ?? 0));
      // The model puts one word here and another there; all of them together are where they were.
      expect(Math.abs(later.sort((a, b) => a - b)[later.length >> 1] ?? Number.NaN)).toBeLessThan(30);
    },
  );

  it('hears pieces with pauses of 1 to 20 s as well as each alone, and nothing in the pauses', async () => {
    const together = { errors: 0, words: 0 };
    const alone = { errors: 0, words: 0 };
    const add = (sum: WordErrors, { errors, words }: WordErrors) => {
      sum.errors += errors;
      sum.words += words;
    };
    for (const pieces of await tenPieces(fleet.folder)) {
      for (const { text, samples } of pieces) {
        add(alone, wordErrors(text, (await transcribeSamples('piece.wav', pause(300), samples, pause(300))).text));
      }
      const { samples, spoken } = withPauses(pieces);
      const { text, segments } = await transcribeSamples('pieces.wav', samples);
      add(together, wordErrors(pieces.map((piece) => piece.text).join(' '), text));
      const inPauses = segments
        .flatMap(({ words }) => words)
        .filter(({ startMs, endMs }) => !spoken.some((span) => span.startMs < endMs && startMs < span.endMs));
      expect(inPauses).toEqual([]);
    }
    expect(together.errors / together.words).toBeLessThanOrEqual(alone.errors / alone.words + 0.01);
  });

  // faster-whisper's word_timestamps: 57 and 84 % (`pnpm bench:engine words` compares in one run).
  it('says when words begin, >= 62 % within 100 ms and >= 89 % within 200 ms, each inside its segment and before the next', async () => {
    const errors: number[] = [];
    for (const [i, text] of SENTENCES.slice(0, 12).entries()) {
      const speaker = { voice: VOICES[i % VOICES.length] ?? '', speed: SPEEDS[i % SPEEDS.length] ?? 150 };
      const speech = await speakWithTimes(text.replace(/[,.]/g, ''), speaker);
      const { segments } = await transcribeSamples('times.wav', pause(500), speech.samples, pause(500));
      const words = segments.flatMap((segment) => segment.words);
      const said = speech.words.map(({ word, startMs }) => ({ word, startMs: startMs + 500 }));
      errors.push(...startErrors(said, words));
      for (const segment of segments) {
        expect(segment.words.filter((w) => w.startMs < segment.startMs || w.endMs > segment.endMs)).toEqual([]);
      }
      expect(words.filter(({ endMs }, at) => endMs > (words[at + 1]?.startMs ?? endMs))).toEqual([]);
    }
    expect(errors.length).toBeGreaterThan(100);
    expect(shareWithin(errors, 100)).toBeGreaterThanOrEqual(0.62);
    expect(shareWithin(errors, 200)).toBeGreaterThanOrEqual(0.89);
  });

  describeWith(realRecordings('ted_60.m4a'), 'a minute of a talk', (folder) => {
    it.each([
      [1, 0.048],
      [5, 0.032],
    ])('with beam size %d: a share of at most %d of its words is wrong', async (beamSize, most) => {
      const path = join(folder, 'ted_60.m4a');
      const { text } = await fleet.transcribe(path, { container: 'mp4', options: { beamSize } }, 300_000);
      expect(wordErrorRate(await readFile(join(folder, 'ted_60.txt'), 'utf8'), text)).toBeLessThanOrEqual(most);
    });

    it('copes with other languages, two speakers, eight channels', async () => {
      for (const file of ['es.wav', 'ja.wav', 'two_speakers_left_right.wav']) {
        expect(await fleet.transcribe(join(folder, file), {}, 300_000)).toMatchObject({ language: 'en' });
      }
      const eight = await fleet.transcribe(join(folder, 'eight_channels.m4a'), { container: 'mp4' }, 300_000);
      expect(eight.durationMs).toBeGreaterThan(7000);
    });
  });
});
