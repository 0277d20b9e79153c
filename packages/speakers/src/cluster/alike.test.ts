import { describe, expect, it } from '@jest/globals';
import { joinAlike } from './alike.ts';

/** A voice at so many degrees. */
const at = (degrees: number) =>
  Float64Array.from([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]);
const voices = [0, 10, 50, 60, 120, 130].map(at);

describe('joinAlike', () => {
  it('joins clusters that sound the same', () => {
    expect(
      joinAlike(
        [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
        voices,
        1,
      ),
    ).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ]);
  });

  it('takes the nearest first, and looks at what has come of them', () => {
    // 0 and 45 degrees are joined first; 95 is near to 45, but not to what they have become.
    const three = [0, 45, 95].map(at);
    expect(joinAlike([[0], [1], [2]], three, 1)).toEqual([[0, 1], [2]]);
  });

  it('leaves as many as there are to be', () => {
    expect(
      joinAlike(
        [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
        voices,
        3,
      ),
    ).toHaveLength(3);
    expect(joinAlike([[0], [1], [2]], voices, 2)).toEqual([[0, 1], [2]]);
    expect(joinAlike([[0], [1]], voices, 0)).toEqual([[0, 1]]);
    expect(joinAlike([], voices, 1)).toEqual([]);
  });
});
