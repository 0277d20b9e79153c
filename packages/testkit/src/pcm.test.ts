import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concat, decodeWav, durationMsOf, encodeWav, noise, pause, seededRandom, tone } from './pcm.ts';

describe('WAV', () => {
  it('gives back the samples it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -32_768, max: 32_767 })), (samples) => {
        expect([...decodeWav(encodeWav(Int16Array.from(samples)))]).toEqual(samples);
      }),
    );
  });

  it('refuses another sample rate', () => {
    const file = encodeWav(pause(10));
    file.writeUInt32LE(22_050, 24);
    expect(() => decodeWav(file)).toThrow('Not a 16 kHz');
  });

  it('reads past chunks it does not know', () => {
    const file = encodeWav(Int16Array.of(1, -2, 3));
    const list = Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1');
    expect([...decodeWav(Buffer.concat([file.subarray(0, 36), list, file.subarray(36)]))]).toEqual([1, -2, 3]);
  });
});

describe('samples', () => {
  it('last as long as asked', () => {
    expect(durationMsOf(concat(pause(250), noise(500), tone(1_000)))).toBe(1_750);
  });

  it('of a pause are silent, of noise are not, and equal seeds give equal noise', () => {
    expect(pause(5).every((sample) => sample === 0)).toBe(true);
    expect(noise(100, 300, 7)).toEqual(noise(100, 300, 7));
    expect(noise(100, 300, 7)).not.toEqual(noise(100, 300, 8));
    expect(Math.max(...noise(1_000, 300).map(Math.abs))).toBeGreaterThan(250);
  });
});

describe('seededRandom', () => {
  it('spreads over [0, 1)', () => {
    const random = seededRandom(42);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i += 1) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
