import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterPauses } from './after-pauses.ts';

const RATE_HZ = 16_000;

/** Speech (a tone) and silence in turn. */
function sound(...partsMs: readonly number[]): Int16Array {
  const samples = new Int16Array((partsMs.reduce((sum, ms) => sum + ms, 0) * RATE_HZ) / 1000);
  let at = 0;
  for (const [index, ms] of partsMs.entries()) {
    const end = at + (ms * RATE_HZ) / 1000;
    for (; at < end; at += 1) if (index % 2 === 0) samples[at] = 8000 * Math.sin(at / 7);
  }
  return samples;
}

describe('words after pauses', () => {
  it('begin where their sound does, and those before end where the pause begins', () => {
    const words = [
      { startMs: 0, endMs: 320 },
      { startMs: 320, endMs: 800 },
      { startMs: 800, endMs: 1000 },
    ];
    expect(afterPauses(words, sound(400, 200, 400), RATE_HZ)).toEqual([
      { startMs: 0, endMs: 320 },
      { startMs: 600, endMs: 800 },
      { startMs: 800, endMs: 1000 },
    ]);
    const late = [
      { startMs: 0, endMs: 480 },
      { startMs: 480, endMs: 1000 },
    ];
    expect(afterPauses(late, sound(400, 200, 400), RATE_HZ)).toEqual([
      { startMs: 0, endMs: 400 },
      { startMs: 600, endMs: 1000 },
    ]);
  });

  it('do not move for the closure of a plosive, for what comes later, or where they would be no more', () => {
    const words = [{ startMs: 0, endMs: 1000 }];
    expect(afterPauses(words, sound(100, 50, 850), RATE_HZ)).toEqual(words);
    expect(afterPauses(words, sound(400, 200, 400), RATE_HZ)).toEqual(words);
    const short = [{ startMs: 350, endMs: 500 }];
    expect(afterPauses(short, sound(400, 200, 400), RATE_HZ)).toEqual(short);
  });

  it('keep their order and stay inside, whatever is told and heard', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, lengths, (parts, wordLengths) => {
        const samples = sound(...parts.map((part) => part * 10));
        const endsMs = wordLengths.map((_, index) => wordLengths.slice(0, index + 1).reduce((a, b) => a + b) * 10);
        const words = endsMs.map((endMs, index) => ({ startMs: endsMs[index - 1] ?? 0, endMs }));
        const moved = afterPauses(words, samples, RATE_HZ);
        for (const [index, { startMs, endMs }] of moved.entries()) {
          expect(startMs).toBeGreaterThanOrEqual(moved[index - 1]?.endMs ?? 0);
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          expect(endMs).toBeLessThanOrEqual(words[index]?.endMs ?? 0);
        }
      }),
    );
  });

  it('are what they were without a sound', () => {
    expect(afterPauses([], new Int16Array(0), RATE_HZ)).toEqual([]);
    expect(afterPauses([{ startMs: 0, endMs: 100 }], new Int16Array(0), RATE_HZ)).toEqual([{ startMs: 0, endMs: 100 }]);
  });
});
