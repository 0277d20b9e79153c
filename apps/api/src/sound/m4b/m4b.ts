import type { SoundTags } from '../tags.ts';
import { framesOf } from './adts.ts';
import { box, fullBox, UNITY_MATRIX, u8, u16, u32, zeros } from './boxes.ts';
import { type Chunks, chapterTrack, soundMs, soundTrack, titleFrame } from './tracks.ts';

/** A few seconds; what is kept until it is sent. */
const CHUNK_FRAMES = 128;
const BOX_HEAD_BYTES = 8;
/** Of what its places are written with. */
const MOST_BYTES = 2 ** 32;
/** Nero's list of chapters has one byte for their number, and one for the length of a title. */
const MOST_LISTED = 255;

export interface M4bOptions {
  sampleRateHz: number;
  comment: string;
  /** Asked for when all of the sound has been sent. */
  tags: () => Promise<SoundTags>;
}

/**
 * An audiobook: an MP4 file with chapters, sent while it is made. ffmpeg writes such files only where it can go back, to put
 * in at the beginning how long they are; here each stretch of sound is a box of its own, and all that is known at the end
 * stands there, which any player of files reads.
 *
 * @param adts AAC, mono, as ffmpeg's encoder gives it
 * @throws what `adts` and `tags` throw; Error for more than 4 GiB
 */
export async function* m4bOf(
  adts: AsyncIterable<Uint8Array>,
  { sampleRateHz, comment, tags }: M4bOptions,
): AsyncGenerator<Uint8Array> {
  const file = new M4bFile();
  yield file.place(box('ftyp', Buffer.from('M4B \0\0\0\0M4B M4A mp42isom', 'latin1')));
  let waiting: Uint8Array[] = [];
  for await (const frame of framesOf(adts)) {
    if (waiting.push(frame) < CHUNK_FRAMES) continue;
    yield file.sound(waiting);
    waiting = [];
  }
  if (waiting.length > 0) yield file.sound(waiting);
  yield* file.end(await tags(), sampleRateHz, comment);
}

class M4bFile {
  readonly #sound = { sizes: [] as number[], chunks: [] as { offset: number; count: number }[] };
  #bytes = 0;

  /** Counts it as sent. */
  place(bytes: Buffer): Buffer {
    this.#bytes += bytes.length;
    if (this.#bytes > MOST_BYTES) throw new Error('An M4B file would have more than 4 GiB.');
    return bytes;
  }

  sound(frames: readonly Uint8Array[]): Buffer {
    this.#sound.chunks.push({ offset: this.#bytes + BOX_HEAD_BYTES, count: frames.length });
    for (const { length } of frames) this.#sound.sizes.push(length);
    return this.place(box('mdat', ...frames));
  }

  *end({ title, chapters }: SoundTags, sampleRateHz: number, comment: string): Generator<Buffer> {
    const durationMs = soundMs(this.#sound, sampleRateHz);
    const inside = chapters.filter(({ startMs }) => startMs < durationMs);
    const titles = inside.map((chapter) => titleFrame(chapter.title));
    const lines: Chunks = {
      sizes: titles.map(({ length }) => length),
      chunks: [{ offset: this.#bytes + BOX_HEAD_BYTES, count: titles.length }],
    };
    const hasChapters = inside.length > 0;
    if (hasChapters) yield this.place(box('mdat', ...titles));
    const head = [u32(0, 0, 1000, durationMs, 0x1_00_00), u16(0x1_00), zeros(10), UNITY_MATRIX, zeros(24), u32(3)];
    yield this.place(
      box(
        'moov',
        fullBox('mvhd', [0, 0], ...head),
        soundTrack(this.#sound, sampleRateHz, hasChapters),
        ...(hasChapters ? [chapterTrack(lines, inside)] : []),
        box('udta', metadata(title, comment), ...(hasChapters ? [nero(inside)] : [])),
      ),
    );
  }
}

/** As iTunes has it. */
function metadata(title: string | null, comment: string): Buffer {
  const item = (type: string, kind: number, value: Buffer) => box(type, box('data', u32(kind, 0), value));
  const [utf8, number, audiobook] = [1, 21, 2];
  const text = (type: string, value: string) => item(type, utf8, Buffer.from(value, 'utf8'));
  const items = [
    ...(title === null ? [] : [text('\u00a9nam', title), text('\u00a9alb', title)]),
    text('\u00a9too', 'Sotto'),
    text('\u00a9cmt', comment),
    item('stik', number, u8(audiobook)),
  ];
  const handler = fullBox('hdlr', [0, 0], zeros(4), Buffer.from('mdirappl'), zeros(9));
  return fullBox('meta', [0, 0], handler, box('ilst', ...items));
}

/** The other way to have chapters: a list, in units of 100 ns. */
function nero(chapters: SoundTags['chapters']): Buffer {
  const listed = chapters.slice(0, MOST_LISTED);
  const entries = listed.map(({ title, startMs }) => {
    const start = Buffer.alloc(8);
    start.writeBigUInt64BE(BigInt(startMs) * 10_000n);
    const utf8 = shortened(title);
    return Buffer.concat([start, u8(utf8.length), utf8]);
  });
  return fullBox('chpl', [1, 0], zeros(4), u8(listed.length), ...entries);
}

/** To its last whole character that has room. */
function shortened(title: string): Buffer {
  let end = 0;
  for (const character of title) {
    if (Buffer.byteLength(title.slice(0, end + character.length)) > MOST_LISTED) break;
    end += character.length;
  }
  return Buffer.from(title.slice(0, end), 'utf8');
}
