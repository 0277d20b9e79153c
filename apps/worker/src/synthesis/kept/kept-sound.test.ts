import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeKept, encodeKept } from './kept-sound.ts';

const sounds = fc.record({
  samples: fc.int16Array({ maxLength: 500 }),
  sampleRateHz: fc.integer({ min: 1, max: 192_000 }),
});

it('what is kept is read as it was', () => {
  fc.assert(
    fc.property(sounds, (sound) => {
      expect(decodeKept(encodeKept(sound))).toEqual(sound);
    }),
  );
});

it('with any byte changed, or cut anywhere, it is not read', () => {
  fc.assert(
    fc.property(sounds, fc.nat(), fc.integer({ min: 1, max: 255 }), (sound, place, change) => {
      const bytes = encodeKept(sound);
      const at = place % bytes.length;
      expect(decodeKept(bytes.subarray(0, at))).toBeNull();
      bytes[at] = (bytes[at] ?? 0) ^ change;
      expect(decodeKept(bytes)).toBeNull();
    }),
  );
});
