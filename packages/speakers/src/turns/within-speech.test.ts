import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withinSpeech } from './within-speech.ts';

const turn = (start: number, end: number, speaker = 0) => ({ start, end, speaker });

const anyStretches = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })), { maxLength: 12 })
  .map((lengths) => {
    let at = 0;
    return lengths.map(([gap, length]) => {
      const start = at + gap / 10;
      at = start + length / 10;
      return { start, end: at };
    });
  });
const anyTurns = fc
  .array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 60 }), fc.nat(2)), { maxLength: 12 })
  .map((all) =>
    all
      .map(([start, length, speaker]) => turn(start / 10, (start + length) / 10, speaker))
      .sort((a, b) => a.start - b.start),
  );

describe('withinSpeech', () => {
  it('takes pauses out of turns, but for a margin', () => {
    const speech = [
      { start: 1, end: 2 },
      { start: 3, end: 4 },
    ];
    expect(withinSpeech([turn(0.9, 4.5), turn(1.5, 1.7, 1)], speech)).toEqual([
      turn(0.9, 2.1),
      turn(2.8, 4.1),
      turn(1.5, 1.7, 1),
    ]);
  });

  it('leaves a short rest in', () => {
    const speech = [
      { start: 0, end: 2 },
      { start: 2.3, end: 4 },
    ];
    expect(withinSpeech([turn(0, 4)], speech)).toEqual([turn(0, 4)]);
  });

  it('says of every moment what the turn and the speech say', () => {
    fc.assert(
      fc.property(anyTurns, anyStretches, fc.integer({ min: 0, max: 400 }), (turns, speech, tenths) => {
        // Between tenths, so that no edge is met.
        const time = tenths / 10 + 0.05;
        const kept = withinSpeech(turns, speech);
        const speaks = (of: typeof turns, who: number) =>
          of.some(({ start, end, speaker }) => speaker === who && start <= time && time < end);
        const isSpeech = speech.some(({ start, end }) => start - 0.2 <= time && time < end + 0.1);
        for (const who of [0, 1, 2]) expect(speaks(kept, who)).toBe(isSpeech && speaks(turns, who));
      }),
    );
  });
});
