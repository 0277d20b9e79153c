import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ffmpeg, temporaryFolder } from '@sotto/testkit';
import { OpusStream } from '../src/live/opus/opus-stream.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';

let folder: string;
let spoken: SpokenRecording;
let pcm: Int16Array;

beforeAll(async () => {
  folder = await temporaryFolder('opus');
  spoken = await recording(701, 1, 200);
  pcm = samplesOf(Buffer.from(spoken.pcm));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const samplesOf = (bytes: Buffer) =>
  new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));

async function encoded(name: string, ...options: string[]): Promise<Buffer> {
  const [wav, file] = [join(folder, 'spoken.wav'), join(folder, name)];
  await writeFile(wav, spoken.wav);
  await ffmpeg('-y', '-i', wav, '-c:a', 'libopus', '-b:a', '32k', ...options, file);
  return readFile(file);
}

/** In pieces that have nothing to do with those of the container. */
async function decoded(bytes: Buffer, pieceBytes: number): Promise<Int16Array> {
  const stream = await OpusStream.open();
  try {
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += pieceBytes)
      parts.push(...stream.push(bytes.subarray(at, at + pieceBytes)));
    return samplesOf(Buffer.concat(parts));
  } finally {
    stream.close();
  }
}

/** How alike two recordings are, 1 at best, where the second may be late by some milliseconds. */
function likeness(one: Int16Array, other: Int16Array): number {
  let best = 0;
  for (let late = 0; late < 400; late += 1) {
    const length = Math.min(one.length, other.length - late);
    let [product, ofOne, ofOther] = [0, 0, 0];
    for (let at = 0; at < length; at += 1) {
      const [a = 0, b = 0] = [one[at], other[at + late]];
      product += a * b;
      ofOne += a * a;
      ofOther += b * b;
    }
    best = Math.max(best, product / Math.sqrt(ofOne * ofOther || 1));
  }
  return best;
}

describe('Opus as browsers record it', () => {
  it.each([
    ['webm', ['-f', 'webm', '-live', '1', '-cluster_time_limit', '200']],
    ['webm', ['-f', 'webm', '-ac', '2']],
    ['ogg', ['-f', 'ogg', '-page_duration', '20000']],
    ['ogg', ['-f', 'ogg', '-ac', '2', '-frame_duration', '60']],
  ])('becomes samples, from %s of %j', async (container, options) => {
    const bytes = await encoded(`spoken.${container}`, ...options);
    const whole = await decoded(bytes, bytes.length);
    expect(Math.abs(whole.length - pcm.length)).toBeLessThan(16 * 100);
    expect(likeness(pcm, whole)).toBeGreaterThan(0.9);
    expect(await decoded(bytes, 1)).toEqual(whole);
    expect(await decoded(bytes, 777)).toEqual(whole);
  });

  it('is refused when it is something else, and never read for ever', async () => {
    const vorbis = await encoded('spoken.ogg', '-c:a', 'libvorbis');
    const wrong = [vorbis, Buffer.from(spoken.wav), Buffer.alloc(100), Buffer.from('OggS'.repeat(20_000))];
    for (const bytes of wrong) await expect(decoded(bytes, 100)).rejects.toMatchObject({ code: 'invalid_request' });
    const webm = await encoded('spoken.webm');
    const random = Buffer.from(webm);
    for (let at = 300; at < random.length; at += 13) random[at] = (random[at] ?? 0) ^ 0x5a;
    await decoded(random, 500).catch((error: unknown) => expect(error).toMatchObject({ code: 'invalid_request' }));
  });

  it('is decoded a second at a time, however much is in a message', async () => {
    const stream = await OpusStream.open();
    const heads = await encoded('spoken.webm');
    const [head] = heads.toString('latin1').split('\x1f\x43\xb6\x75');
    // A cluster without a length, and blocks of a packet of three bytes, 60 ms of silence each.
    const block = Buffer.from([0xa3, 0x87, 0x81, 0, 0, 0x80, 0x18, 0xff, 0xfe]);
    const bomb = [Buffer.from(head ?? '', 'latin1'), Buffer.from('1f43b675ff', 'hex'), ...Array(1_000).fill(block)];
    const pieces = [...stream.push(Buffer.concat(bomb))].map(({ length }) => length);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(32_000);
    expect(pieces.reduce((sum, length) => sum + length, 0)).toBe(1_000 * 60 * 32);
    stream.close();
  });
});
