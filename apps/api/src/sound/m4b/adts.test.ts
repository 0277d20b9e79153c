import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { framesOf } from './adts.ts';

/** A frame with its header, with a checksum or without. */
function adtsOf(body: Uint8Array, isChecked: boolean): Buffer {
  const bytes = body.length + (isChecked ? 9 : 7);
  const header = Buffer.alloc(isChecked ? 9 : 7);
  header.writeUInt16BE(isChecked ? 0xfff0 : 0xfff1, 0);
  header.writeUInt32BE((bytes << 13) >>> 0, 3);
  return Buffer.concat([header, body]);
}

async function* inParts(stream: Buffer, partBytes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let part = 0; at < stream.length; part += 1) {
    const end = at + (partBytes[part % partBytes.length] ?? 1);
    yield stream.subarray(at, end);
    at = end;
  }
}

async function framesIn(stream: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const frames: Buffer[] = [];
  for await (const frame of framesOf(stream)) frames.push(Buffer.from(frame));
  return frames;
}

describe('frames of a stream of ADTS', () => {
  it('are the same however the stream comes', async () => {
    const frame = fc.record({ body: fc.uint8Array({ minLength: 2, maxLength: 300 }), isChecked: fc.boolean() });
    const parts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 12 }), parts, async (frames, partBytes) => {
        const stream = Buffer.concat(frames.map(({ body, isChecked }) => adtsOf(body, isChecked)));
        const found = await framesIn(inParts(stream, partBytes));
        expect(found).toEqual(frames.map(({ body }) => Buffer.from(body)));
      }),
    );
  });

  it('end where they are whole, or it is said', async () => {
    const frame = adtsOf(new Uint8Array(20), false);
    const cut = Buffer.concat([frame, frame.subarray(0, 12)]);
    await expect(framesIn(inParts(cut, [5]))).rejects.toThrow('12 bytes of a frame');
    const between = Buffer.concat([frame, Buffer.from('no frame at all')]);
    await expect(framesIn(inParts(between, [50]))).rejects.toThrow('between its frames');
  });
});
