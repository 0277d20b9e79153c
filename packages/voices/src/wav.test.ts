import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readWav } from './wav.ts';

const chunk = (name: string, content: Uint8Array, bytes = content.length): Buffer => {
  const header = Buffer.from(`${name}....`);
  header.writeUInt32LE(bytes, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
};
const format = (sampleRateHz: number): Buffer => {
  const content = Buffer.alloc(16);
  content.writeUInt16LE(1, 0);
  content.writeUInt16LE(1, 2);
  content.writeUInt32LE(sampleRateHz, 4);
  content.writeUInt16LE(16, 14);
  return chunk('fmt ', content);
};
const START = Buffer.from('RIFF....WAVE');

it('finds the samples behind any other chunks, with their length or without', () => {
  const others = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 3 });
  const samples = fc.int16Array({ maxLength: 100 });
  fc.assert(
    fc.property(others, samples, fc.boolean(), fc.integer({ min: 1, max: 2 ** 31 }), (noise, sound, isWhole, rate) => {
      const list = noise.map((content) => chunk('LIST', content));
      const pcm = Buffer.from(new Uint8Array(sound.buffer, sound.byteOffset, sound.byteLength));
      const data = chunk('data', pcm, isWhole ? undefined : 0xffff_ffff);
      const wav = Buffer.concat([START, ...list, format(rate), ...list, data]);
      expect(readWav(wav)).toEqual({ sampleRateHz: rate, samples: sound });
    }),
  );
});

it('reads any bytes to an end', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readWav(Buffer.concat([START, bytes]))));
});
