import { describe, expect, it } from '@jest/globals';
import type { Warning } from '@sotto/contracts';
import fc from 'fast-check';
import { toPcm16 } from './pcm.ts';
import { decodeWav, decodeWavStream } from './wav-decoder.ts';
import { parseWavHeader, type WavHeader } from './wav-header.ts';

interface WavOptions {
  code?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  extensible?: boolean;
  before?: Buffer[];
  declaredBytes?: number;
}

function chunk(id: string, body: Buffer, declared = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(declared, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length & 1)]);
}

function wav(data: Buffer, options: WavOptions = {}): Buffer {
  const { code = 1, channels = 1, rate = 16_000, bits = 16, extensible = false, before = [] } = options;
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE((rate * channels * bits) / 8, 8);
  format.writeUInt16LE((channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) format.writeUInt16LE(code, 24);
  const body = [Buffer.from('WAVE'), ...before, chunk('fmt ', format), chunk('data', data, options.declaredBytes)];
  return chunk('RIFF', Buffer.concat(body), 0xffff_ffff);
}

function pcm16(values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeInt16LE(value, i * 2);
  return bytes;
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function header(file: Buffer): WavHeader {
  const parsed = parseWavHeader(file);
  if (parsed === null) throw new Error('not read');
  return parsed;
}

async function decoded(file: Buffer, pieceBytes = 7): Promise<{ pcm: number[]; warnings: string[] }> {
  const warnings: string[] = [];
  const pcm: number[] = [];
  const warn = (warning: Warning) => warnings.push(warning.code);
  const decoding = { isSplit: false, warn, signal: new AbortController().signal };
  for await (const [floats] of decodeWav(pieces(file, pieceBytes), header(file), decoding))
    pcm.push(...toPcm16(floats));
  return { pcm, warnings };
}

/** Each channel by itself; from a file, or from a stream that begins with its header. */
async function channelsOf(file: Buffer, isStream: boolean): Promise<{ channels: number[][]; warnings: string[] }> {
  const warnings: string[] = [];
  const channels: number[][] = [];
  const warn = (warning: Warning) => warnings.push(warning.code);
  const decoding = { isSplit: true, warn, signal: new AbortController().signal };
  const decoder = isStream
    ? decodeWavStream(pieces(file, 7), decoding)
    : decodeWav(pieces(file, 7), header(file), decoding);
  for await (const parts of decoder) {
    for (const [channel, floats] of parts.entries()) {
      channels[channel] ??= [];
      channels[channel].push(...toPcm16(floats));
    }
  }
  return { channels, warnings };
}

describe.each([false, true])('channels of a WAV file (a stream: %s)', (isStream) => {
  it('come apart bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }),
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 8, maxLength: 100 }),
        async (count, values) => {
          const frames = values.slice(0, values.length - (values.length % count));
          const { channels, warnings } = await channelsOf(wav(pcm16(frames), { channels: count }), isStream);
          expect(channels).toEqual(
            Array.from({ length: count }, (_, channel) => frames.filter((_value, at) => at % count === channel)),
          );
          expect(warnings).toEqual([]);
        },
      ),
    );
  });

  it('are as long as each other when they are resampled', async () => {
    const file = wav(pcm16(new Array(2 * 4410).fill(1000)), { rate: 44_100, channels: 2 });
    expect((await channelsOf(file, isStream)).channels.map(({ length }) => length)).toEqual([1600, 1600]);
  });

  it('are one, with a warning, where there is one or where there are more than eight', async () => {
    expect(await channelsOf(wav(pcm16([1, 2, 3])), isStream)).toEqual({
      channels: [[1, 2, 3]],
      warnings: ['one_channel'],
    });
    const nine = wav(pcm16([9, 0, 0, 0, 0, 0, 0, 0, 0]), { channels: 9 });
    expect(await channelsOf(nine, isStream)).toEqual({ channels: [[1]], warnings: ['channels_mixed'] });
  });
});

it('a stream without a header is refused, an empty one is nothing', async () => {
  await expect(channelsOf(Buffer.alloc(100_000), true)).rejects.toMatchObject({ code: 'undecodable_media' });
  expect(await channelsOf(Buffer.alloc(0), true)).toEqual({ channels: [], warnings: [] });
});

describe('WAV without ffmpeg', () => {
  it('gives 16-bit mono at 16 kHz back bit for bit, however the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 64 }),
        async (values, pieceBytes) => {
          expect((await decoded(wav(pcm16(values)), pieceBytes)).pcm).toEqual(values);
        },
      ),
    );
  });

  it('takes the mean of the channels', async () => {
    expect((await decoded(wav(pcm16([100, 300, -50, 50]), { channels: 2 }))).pcm).toEqual([200, 0]);
  });

  it('reads 8, 24 and 32 bits and floats', async () => {
    expect((await decoded(wav(Buffer.from([128, 255, 0]), { bits: 8 }))).pcm).toEqual([0, 32_512, -32_768]);
    const wide = Buffer.alloc(6);
    wide.writeIntLE(0x400000, 0, 3);
    wide.writeIntLE(-0x400000, 3, 3);
    expect((await decoded(wav(wide, { bits: 24 }))).pcm).toEqual([16_384, -16_384]);
    const longs = Buffer.alloc(4);
    longs.writeInt32LE(0x4000_0000);
    expect((await decoded(wav(longs, { bits: 32 }))).pcm).toEqual([16_384]);
    const double = Buffer.alloc(8);
    double.writeDoubleLE(-0.5);
    expect((await decoded(wav(double, { code: 3, bits: 64 }))).pcm).toEqual([-16_384]);
  });

  it('makes silence of samples that are no numbers and clips what is too loud', async () => {
    const floats = Buffer.alloc(20);
    const values = [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 3, -3];
    for (const [i, value] of values.entries()) floats.writeFloatLE(value, i * 4);
    const { pcm } = await decoded(wav(floats, { code: 3, bits: 32 }));
    expect(pcm).toEqual([0, 0, 16_384, 32_767, -32_768]);
  });

  it('reads the extensible format', async () => {
    expect((await decoded(wav(pcm16([5, 6]), { extensible: true }))).pcm).toEqual([5, 6]);
  });

  it('steps over other chunks, odd ones with their padding', async () => {
    const before = [chunk('LIST', Buffer.from('odd')), chunk('bext', Buffer.alloc(600))];
    expect((await decoded(wav(pcm16([7, 8]), { before }))).pcm).toEqual([7, 8]);
  });

  it.each([0, 0x7fff_f000, 0xffff_ffff])('reads to the end when the size is unknown (%i)', async (declaredBytes) => {
    expect(await decoded(wav(pcm16([1, 2, 3]), { declaredBytes }))).toEqual({ pcm: [1, 2, 3], warnings: [] });
  });

  it('reads what is there, with a warning, when the header promises more', async () => {
    const { pcm, warnings } = await decoded(wav(pcm16([1, 2, 3]), { declaredBytes: 5000 }));
    expect(pcm).toEqual([1, 2, 3]);
    expect(warnings).toEqual(['truncated_media']);
  });

  it('stops where the header says, whatever follows', async () => {
    const file = Buffer.concat([wav(pcm16([1, 2, 3])), chunk('LIST', Buffer.alloc(100, 1))]);
    expect((await decoded(file)).pcm).toEqual([1, 2, 3]);
  });

  it('resamples', async () => {
    expect((await decoded(wav(pcm16(new Array(4410).fill(1000)), { rate: 44_100 }), 1000)).pcm).toHaveLength(1600);
  });

  it('leaves the rest to ffmpeg', () => {
    const file = wav(pcm16([1]));
    expect(parseWavHeader(wav(pcm16([1]), { code: 7 }))).toBeNull();
    expect(parseWavHeader(wav(pcm16([1]), { code: 17, bits: 4 }))).toBeNull();
    expect(parseWavHeader(wav(pcm16([1]), { channels: 0 }))).toBeNull();
    expect(parseWavHeader(Buffer.from('RF64'))).toBeNull();
    expect(parseWavHeader(Buffer.concat([Buffer.from('RF64'), file.subarray(4)]))).toBeNull();
    expect(parseWavHeader(file.subarray(0, 30))).toBeNull();
  });

  it('never throws on a damaged header', () => {
    const file = wav(pcm16([1, 2, 3]), { extensible: true, before: [chunk('LIST', Buffer.from('x'))] });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
        const broken = Buffer.from(file);
        for (const [at, value] of changes) broken[at] = value;
        expect(() => parseWavHeader(broken)).not.toThrow();
      }),
    );
  });
});
