import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wavHeaderOf } from '../uploads/wav-header.ts';
import { AsWav } from './as-wav.ts';
import { ENCODINGS } from './listen-query.ts';

const RAW = { encoding: 'linear16', sampleRate: 8_000, channels: 2 } as const;

function through(chunks: readonly Uint8Array[]): Promise<Buffer> {
  const made = new AsWav(RAW);
  for (const chunk of chunks) made.write(chunk);
  made.end();
  return buffer(made);
}

describe('samples without a container', () => {
  it('become a WAV file, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 30 })), async (chunks) => {
        const samples = Buffer.concat(chunks);
        const isWav = samples.toString('latin1', 0, 4) === 'RIFF';
        const expected = samples.length === 0 || isWav ? samples : Buffer.concat([wavHeaderOf(RAW), samples]);
        expect(await through(chunks)).toEqual(expected);
      }),
    );
  });

  it('stay as they are where they are one', async () => {
    const file = Buffer.concat([wavHeaderOf(RAW), Buffer.alloc(100, 7)]);
    const bytes = [...file].map((byte) => Uint8Array.of(byte));
    expect(await through(bytes)).toEqual(file);
  });

  it.each(ENCODINGS)('%s says how long a second is', (encoding) => {
    const header = wavHeaderOf({ encoding, sampleRate: 8_000, channels: 2 });
    const bits = { linear16: 16, linear32: 32, mulaw: 8, alaw: 8 }[encoding];
    expect([header.readUInt16LE(34), header.readUInt32LE(28), header.readUInt16LE(32)]).toEqual([
      bits,
      (8_000 * 2 * bits) / 8,
      (2 * bits) / 8,
    ]);
  });
});
