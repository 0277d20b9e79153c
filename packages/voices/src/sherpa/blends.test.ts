import { describe, expect, it } from '@jest/globals';
import { BlendPlaces } from './blend-places.ts';
import { PACK_BYTES, withBlends } from './voices-file.ts';

describe('BlendPlaces', () => {
  it('gives blends the spare places, and the one of the oldest when there are no more', () => {
    const places = new BlendPlaces(['a', 'b', 'c'], 2);
    expect(places.placeOf('b')).toEqual({ place: 1, isNew: false });
    expect(places.placeOf('a(1)+b(1)')).toEqual({ place: 3, isNew: true });
    expect(places.placeOf('a(1)+c(3)')).toEqual({ place: 4, isNew: true });
    expect(places.placeOf('a(1)+b(1)')).toEqual({ place: 3, isNew: false });
    expect(places.placeOf('b(1)+c(1)')).toEqual({ place: 4, isNew: true });
    expect(places.placeOf('a(1)+c(3)')).toEqual({ place: 3, isNew: true });
    expect(places.packs()).toEqual([
      { place: 4, parts: [expect.objectContaining({ place: 1, share: 0.5 }), expect.objectContaining({ place: 2 })] },
      {
        place: 3,
        parts: [
          { place: 0, share: 0.25 },
          { place: 2, share: 0.75 },
        ],
      },
    ]);
  });

  it('has one place in a model of one voice', () => {
    expect(new BlendPlaces(['joe'], 0).placeOf('joe')).toEqual({ place: 0, isNew: false });
  });
});

describe('withBlends', () => {
  it('writes the weighted sum at its place, and nothing elsewhere', () => {
    const floats = PACK_BYTES / 4;
    const voices = new Float32Array(floats * 3).fill(1, 0, floats).fill(3, floats, 2 * floats);
    const parts = [
      { place: 0, share: 0.25 },
      { place: 1, share: 0.75 },
    ];
    const blended = new Float32Array(withBlends(new Uint8Array(voices.buffer), [{ place: 2, parts }]).buffer);
    expect(new Set(blended.subarray(2 * floats))).toEqual(new Set([2.5]));
    expect(blended.subarray(0, 2 * floats)).toEqual(voices.subarray(0, 2 * floats));
  });
});
