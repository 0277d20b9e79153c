import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pieceAt, withPiece } from './pieces.ts';

const spoken = (...seconds: number[]) =>
  seconds.reduce<ReturnType<typeof withPiece>>((pieces, each, index) => withPiece(pieces, `piece ${index}`, each), []);

describe('pieces of a text', () => {
  it('follow each other', () => {
    expect(spoken(1.5, 2)).toEqual([
      { text: 'piece 0', start: 0, end: 1.5 },
      { text: 'piece 1', start: 1.5, end: 3.5 },
    ]);
  });

  it('are found by the time at which they are heard', () => {
    const pieces = spoken(1.5, 2);
    expect([0, 1.4, 1.5, 3.4, 99].map((seconds) => pieceAt(pieces, seconds))).toEqual([0, 0, 1, 1, 1]);
    expect(pieceAt([], 1)).toBe(-1);
  });

  it('have one for each moment', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.1, max: 20, noNaN: true }), { minLength: 1 }), (seconds) => {
        const pieces = spoken(...seconds);
        for (const [index, { start }] of pieces.entries()) expect(pieceAt(pieces, start)).toBe(index);
      }),
    );
  });
});
