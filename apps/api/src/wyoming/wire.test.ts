import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeEvent, WyomingReader } from './wire.ts';

const data = fc.dictionary(
  fc.string({ maxLength: 5 }).filter((name) => name !== '__proto__'),
  fc.jsonValue({ maxDepth: 1 }),
  {
    maxKeys: 4,
  },
);
const events = fc.array(
  fc.record({ type: fc.string({ maxLength: 20 }), inline: data, data, payload: fc.uint8Array({ maxLength: 40 }) }),
  { maxLength: 5 },
);

/** As wyoming's own package writes it, which may put data into the line as well. */
function encoded({
  type,
  inline,
  data: more,
  payload,
}: {
  type: string;
  inline: object;
  data: object;
  payload: Uint8Array;
}): Buffer {
  const bytes = Buffer.from(JSON.stringify(more));
  const line = JSON.stringify({
    type,
    version: '1.0',
    data: inline,
    data_length: bytes.length,
    payload_length: payload.length,
  });
  return Buffer.concat([Buffer.from(`${line}\n`), bytes, payload]);
}

function read(bytes: Buffer, sizes: readonly number[]) {
  const reader = new WyomingReader();
  const found = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    found.push(...reader.accept(bytes.subarray(at, at + size)));
    at += size;
  }
  return found;
}

describe('events on the wire', () => {
  it('are read however they are divided', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(events, sizes, (sent, parts) => {
        const found = read(Buffer.concat(sent.map(encoded)), parts);
        expect(found).toEqual(
          sent.map(({ type, inline, data: more, payload }) => ({
            type,
            data: JSON.parse(JSON.stringify({ ...inline, ...more })),
            payload: Buffer.from(payload),
          })),
        );
      }),
    );
  });

  it('are written as they are read', () => {
    const bytes = Buffer.concat([encodeEvent('info', { asr: [{ name: 'ä' }] }), encodeEvent('transcript-stop')]);
    expect(read(bytes, [7])).toEqual([
      { type: 'info', data: { asr: [{ name: 'ä' }] }, payload: Buffer.alloc(0) },
      { type: 'transcript-stop', data: {}, payload: Buffer.alloc(0) },
    ]);
  });

  it.each<[string, Buffer]>([
    ['no JSON', Buffer.from('hello\n')],
    ['no object', Buffer.from('[]\n')],
    ['no type', Buffer.from('{}\n')],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n')],
    ['a line without end', Buffer.alloc(20_000, 'a')],
    ['a negative length', Buffer.from('{"type":"a","payload_length":-1}\n')],
    ['half a byte', Buffer.from('{"type":"a","payload_length":0.5}\n')],
    ['10 MB of audio', Buffer.from('{"type":"audio-chunk","payload_length":10000000}\n')],
    ['10 MB of data', Buffer.from('{"type":"a","data_length":10000000}\n')],
    ['data that is no JSON', Buffer.from('{"type":"a","data_length":2}\n{]')],
    ['data that is no object', Buffer.from('{"type":"a","data_length":2}\n[]')],
  ])('%s ends the reading before it is all there', (_what, bytes) => {
    expect(() => read(bytes, [4_096])).toThrow('invalid_request');
  });
});
