import { describe, expect, it, jest } from '@jest/globals';
import type { SpeechFormat } from '@sotto/contracts';
import { Encoders } from '../src/sound/encoder.ts';
import { formatted } from '../src/sound/send-sound.ts';
import type { SoundTags } from '../src/sound/tags.ts';
import { readSoundFile } from './support/sound-file.ts';

jest.setTimeout(60_000);

const RATE_HZ = 22_050;
const SECONDS = 9;

const TITLES = ['A beginning', 'Ünï=code; #1 \\ "quoted"', '[CHAPTER]\nTIMEBASE=1/1'];
const TAGS: SoundTags = {
  title: 'A book; of = signs',
  chapters: TITLES.map((title, index) => ({ title, startMs: index * 3000, endMs: (index + 1) * 3000 })),
};
const NO_TAGS: SoundTags = { title: null, chapters: [] };
const encoders = new Encoders(process.env.PATH ?? '');

/** Second by second, as it comes from a worker. */
async function* sound(seconds: number) {
  for (let second = 0; second < seconds; second += 1) {
    const samples = Int16Array.from(
      { length: RATE_HZ },
      (_, at) => 8000 * Math.sin((at * 440 * 2 * Math.PI) / RATE_HZ),
    );
    yield { bytes: new Uint8Array(samples.buffer), sampleRateHz: RATE_HZ };
  }
}

interface Asked {
  tags?: SoundTags;
  tagsAtEnd?: SoundTags;
  seconds?: number;
}

async function bytesOf(format: SpeechFormat, { tags, tagsAtEnd = NO_TAGS, seconds = SECONDS }: Asked): Promise<Buffer> {
  const sending = { format, encoders, expectedRateHz: RATE_HZ, tags: tags ?? null, tagsAtEnd: async () => tagsAtEnd };
  const chunks: Uint8Array[] = [];
  for await (const chunk of formatted(sound(seconds), sending)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const fileOf = async (format: SpeechFormat, asked: Asked) => readSoundFile(await bytesOf(format, asked));

const chaptersOf = ({ chapters }: Awaited<ReturnType<typeof fileOf>>) =>
  chapters.map(({ start_time: start, end_time: end, tags }) => [tags?.title, Math.round(start), Math.round(end)]);

describe('files of what is spoken', () => {
  it.each<SpeechFormat>(['mp3', 'opus'])('%s has the chapters that are known before', async (format) => {
    const file = await fileOf(format, { tags: TAGS });
    expect(chaptersOf(file).map(([title, start]) => [title, start])).toEqual([
      [TITLES[0], 0],
      [TITLES[1], 3],
      ['[CHAPTER] TIMEBASE=1/1', 6],
    ]);
    expect(file.seconds).toBeCloseTo(SECONDS, 0);
    expect(JSON.stringify(file)).toContain('A book; of = signs');
    expect(JSON.stringify(file)).toContain('Synthetic speech');
  });

  it('m4b has the chapters that are known at the end', async () => {
    const file = await fileOf('m4b', { tagsAtEnd: TAGS });
    expect(chaptersOf(file)).toEqual([
      [TITLES[0], 0, 3],
      [TITLES[1], 3, 6],
      [TITLES[2], 6, 9],
    ]);
    expect(file.streams.map(({ codec_name: name }) => name)).toContain('aac');
    expect(file.format.duration).toBeCloseTo(SECONDS, 0);
    expect(file.seconds).toBeCloseTo(SECONDS, 0);
    expect(file.format.tags).toMatchObject({
      title: 'A book; of = signs',
      comment: 'Synthetic speech',
      major_brand: 'M4B ',
      media_type: '2',
    });
  });

  it('m4b has sound alone where there are no chapters', async () => {
    const file = await fileOf('m4b', { seconds: 1 });
    expect(file.chapters).toEqual([]);
    expect(file.streams).toMatchObject([{ codec_type: 'audio', codec_name: 'aac' }]);
    expect(file.seconds).toBeCloseTo(1, 1);
  });

  it('m4b holds more chapters, and longer titles, than the list of Nero can', async () => {
    const chapters = Array.from({ length: 300 }, (_, index) => ({
      title: `${index} ${'ü'.repeat(198)}`,
      startMs: index * 30,
      endMs: (index + 1) * 30,
    }));
    const bytes = await bytesOf('m4b', { tagsAtEnd: { title: null, chapters } });
    // ffprobe reads the track, which has all.
    expect((await readSoundFile(bytes)).chapters.map(({ tags }) => tags?.title)).toEqual(
      chapters.map(({ title }) => title),
    );
    const list = bytes.subarray(bytes.indexOf('chpl') + 12);
    expect([list[0], list[9]]).toEqual([255, 2 + 2 * 126]);
  });
});
