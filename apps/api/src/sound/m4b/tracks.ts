import type { SoundChapter } from '../tags.ts';
import { box, fullBox, UNITY_MATRIX, u8, u16, u32, u64, zeros } from './boxes.ts';

/** Of one frame of AAC-LC. */
const FRAME_SAMPLES = 1024;
/** What ffmpeg's encoder puts before the sound. */
const PRIMING_SAMPLES = 1024;

const SOUND_TRACK = 1;
const CHAPTER_TRACK = 2;

/** Where the frames, or the titles, lie in the file. */
export interface Chunks {
  /** Bytes of each frame. */
  sizes: readonly number[];
  /** Of each chunk: its place in the file, and how many frames it has. */
  chunks: readonly { offset: number; count: number }[];
}

interface Track {
  id: number;
  /** A track that is not enabled is there for another one. */
  isEnabled: boolean;
  /** Milliseconds, as all of the movie. */
  durationMs: number;
  /** Boxes of `trak` between its header and its media. */
  references: readonly Buffer[];
  mdhd: Buffer;
  handler: string;
  /** What the header of its kind is. */
  header: Buffer;
  description: Buffer;
  /** Run lengths: how many frames, and how long each. */
  durations: readonly [number, number][];
  volume: number;
}

export const soundMs = ({ sizes }: Pick<Chunks, 'sizes'>, sampleRateHz: number): number =>
  Math.round((Math.max(0, sizes.length * FRAME_SAMPLES - PRIMING_SAMPLES) / sampleRateHz) * 1000);

export function soundTrack(frames: Chunks, sampleRateHz: number, hasChapters: boolean): Buffer {
  const samples = frames.sizes.length * FRAME_SAMPLES;
  const durationMs = soundMs(frames, sampleRateHz);
  const edit = fullBox('elst', [0, 0], u32(1, durationMs, PRIMING_SAMPLES, 0x1_00_00));
  const chapters = box('tref', box('chap', u32(CHAPTER_TRACK)));
  const track: Track = {
    id: SOUND_TRACK,
    isEnabled: true,
    durationMs,
    references: [box('edts', edit), ...(hasChapters ? [chapters] : [])],
    // The number of samples may need more than 32 bits.
    mdhd: fullBox('mdhd', [1, 0], zeros(16), u32(sampleRateHz), u64(samples), u16(UNDETERMINED, 0)),
    handler: 'soun',
    header: fullBox('smhd', [0, 0], zeros(4)),
    description: aac(sampleRateHz),
    durations: [[frames.sizes.length, FRAME_SAMPLES]],
    volume: 0x1_00,
  };
  return trackBox(track, frames);
}

/** A chapter is a line of text, shown for so long; that is how QuickTime has them, and everything that came after it. */
export function chapterTrack(titles: Chunks, chapters: readonly SoundChapter[]): Buffer {
  const durationMs = chapters.at(-1)?.endMs ?? 0;
  const track: Track = {
    id: CHAPTER_TRACK,
    isEnabled: false,
    durationMs,
    references: [],
    mdhd: fullBox('mdhd', [0, 0], zeros(8), u32(1000, durationMs), u16(UNDETERMINED, 0)),
    handler: 'text',
    header: box(
      'gmhd',
      fullBox('gmin', [0, 0], u16(0x40, 0x8000, 0x8000, 0x8000, 0, 0)),
      box('text', u16(1), zeros(12), u32(1), zeros(12), u32(0x4000), zeros(2)),
    ),
    description: text(),
    durations: chapters.map(({ startMs, endMs }) => [1, endMs - startMs]),
    volume: 0,
  };
  return trackBox(track, titles);
}

/** A title as the text of a frame: UTF-8, which its own box says. */
export function titleFrame(title: string): Buffer {
  const utf8 = Buffer.from(title, 'utf8');
  return Buffer.concat([u16(utf8.length), utf8, box('encd', u32(0x100))]);
}

/** `und`, five bits a letter. */
const UNDETERMINED = 0x55c4;

function trackBox({ id, isEnabled, durationMs, references, volume, ...media }: Track, frames: Chunks): Buffer {
  const inMovie = 2;
  const times = u32(0, 0, id, 0, durationMs);
  const head = [times, zeros(8), u16(0, 0, volume, 0), UNITY_MATRIX, zeros(8)];
  const dataHere = box('dinf', fullBox('dref', [0, 0], u32(1), fullBox('url ', [0, 1])));
  return box(
    'trak',
    fullBox('tkhd', [0, inMovie + (isEnabled ? 1 : 0)], ...head),
    ...references,
    box(
      'mdia',
      media.mdhd,
      fullBox('hdlr', [0, 0], zeros(4), Buffer.from(media.handler), zeros(13)),
      box('minf', media.header, dataHere, sampleTable(media, frames)),
    ),
  );
}

function sampleTable(
  { description, durations }: Pick<Track, 'description' | 'durations'>,
  { sizes, chunks }: Chunks,
): Buffer {
  // An entry for each run of chunks that have as many frames.
  const runs = chunks.flatMap(({ count }, index) =>
    count === chunks[index - 1]?.count ? [] : [[index + 1, count, 1]],
  );
  return box(
    'stbl',
    fullBox('stsd', [0, 0], u32(1), description),
    fullBox('stts', [0, 0], u32(durations.length, ...durations.flat())),
    fullBox('stsc', [0, 0], u32(runs.length, ...runs.flat())),
    fullBox('stsz', [0, 0], u32(0, sizes.length), u32(...sizes)),
    fullBox('stco', [0, 0], u32(chunks.length), u32(...chunks.map(({ offset }) => offset))),
  );
}

/** ISO/IEC 14496-3, 1.6.3.4. */
const RATES_HZ = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];

function aac(sampleRateHz: number): Buffer {
  const rate = RATES_HZ.indexOf(sampleRateHz);
  if (rate < 0) throw new Error(`AAC has no rate of ${sampleRateHz} Hz.`);
  const [lowComplexity, mono] = [2, 1];
  const config = u16((lowComplexity << 11) | (rate << 7) | (mono << 3));
  const [aacSound, audioStream] = [0x40, 0x15];
  const decoder = descriptor(4, u8(aacSound, audioStream), zeros(3), u32(0, 0), descriptor(5, config));
  const stream = descriptor(3, u16(0), u8(0), decoder, descriptor(6, u8(2)));
  const head = [zeros(6), u16(1), zeros(8), u16(mono, 16, 0, 0), u32(sampleRateHz * 0x1_00_00)];
  return box('mp4a', ...head, fullBox('esds', [0, 0], stream));
}

function descriptor(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u8(tag, body.length), body]);
}

/** Of lines that nobody has said how to draw. */
function text(): Buffer {
  const flags = [u32(1), zeros(2), zeros(4)];
  const place = zeros(8);
  const style = [zeros(4), u16(1), zeros(2), zeros(4)];
  const fonts = box('ftab', u16(1, 1), u8(0));
  return box('text', zeros(6), u16(1), ...flags, place, ...style, fonts);
}
