import { describe, expect, it } from '@jest/globals';
import type { Span } from '@sotto/contracts';
import fc from 'fast-check';
import { type HeardChannel, ownSpeech } from './own-speech.ts';

const span = (startMs: number, endMs: number): Span => ({ startMs, endMs });

/** Syllables of 200 ms, each as loud as it likes; always the same for a seed. */
function voice(lengthMs: number, spoken: readonly Span[], { db = -20, seed = 1 } = {}): Float32Array {
  return Float32Array.from({ length: lengthMs / 10 }, (_, frame) => {
    const ms = frame * 10;
    if (!spoken.some(({ startMs, endMs }) => startMs <= ms && ms < endMs)) return 0;
    const syllable = Math.sin(12.9898 * Math.floor(ms / 200) + seed * 78.233) * 43_758.5453;
    return 10 ** ((db - 15 * (syllable - Math.floor(syllable))) / 10);
  });
}

/** A channel in which another one is heard, so much softer and later. */
function withEcho(own: Float32Array, other: Float32Array, db: number, delayMs = 0): Float32Array {
  return own.map((energy, frame) => energy + 10 ** (db / 10) * (other[frame - delayMs / 10] ?? 0));
}

const heard = (frames: Float32Array, speech: Span[]): HeardChannel => ({ frames, speech });
const owned = (channels: readonly HeardChannel[]) =>
  ownSpeech(channels).channels.map((channel) => channel?.own ?? null);

const LENGTH_MS = 20_000;
const ANNA = [span(1000, 5000), span(11_000, 15_000)];
const BEN = [span(6000, 10_000), span(16_000, 19_000)];
const anna = voice(LENGTH_MS, ANNA);
const ben = voice(LENGTH_MS, BEN, { seed: 2 });

describe('ownSpeech', () => {
  it('is all of it where channels are apart, however softly somebody speaks, also at the same time', () => {
    expect(owned([heard(anna, ANNA), heard(ben, BEN)])).toEqual([ANNA, BEN]);
    for (const db of [-20, -32, -44]) {
      const both = voice(LENGTH_MS, ANNA, { seed: 3, db });
      expect(owned([heard(anna, ANNA), heard(both, ANNA)])).toEqual([ANNA, ANNA]);
    }
  });

  it.each([
    [-8, 0],
    [-15, 0],
    [-15, 60],
    [-25, 150],
  ])('is not what is heard of the other channel, %d dB softer and %d ms later', (db, delayMs) => {
    const all = [...ANNA, ...BEN].sort((a, b) => a.startMs - b.startMs);
    const channels = [heard(withEcho(anna, ben, db, delayMs), all), heard(withEcho(ben, anna, db, delayMs), all)];
    const found = owned(channels);
    for (const [channel, truth] of [ANNA, BEN].entries()) {
      expect(found[channel]).toHaveLength(truth.length);
      for (const [at, { startMs, endMs }] of (found[channel] ?? []).entries()) {
        expect(Math.abs(startMs - (truth[at]?.startMs ?? 0))).toBeLessThanOrEqual(300);
        expect(Math.abs(endMs - (truth[at]?.endMs ?? 0))).toBeLessThanOrEqual(300);
      }
    }
  });

  it('has an echo apart from it, and not at its edge', () => {
    const all = [span(1000, 10_000), span(11_000, 19_000)];
    const [first] = ownSpeech([heard(withEcho(anna, ben, -15), all), heard(withEcho(ben, anna, -15), all)]).channels;
    for (const echo of first?.echo ?? []) {
      for (const own of first?.own ?? []) {
        expect(Math.max(own.startMs - echo.endMs, echo.startMs - own.endMs)).toBeGreaterThanOrEqual(100);
      }
    }
    expect(first?.echo).not.toEqual([]);
  });

  it('of a channel that sounds like another one is that of the other, which a warning says', () => {
    const softer = anna.map((energy) => energy * 0.7);
    const { channels, warnings } = ownSpeech([heard(anna, ANNA), heard(ben, BEN), heard(softer, ANNA)]);
    expect(channels.map((channel) => channel?.own ?? null)).toEqual([ANNA, BEN, null]);
    expect(warnings).toEqual([{ code: 'channels_alike', detail: expect.stringMatching(/^Channel 3 .* channel 1/) }]);
  });

  it('is nothing where all is silent: eight silent channels are not alike', () => {
    const silent = new Float32Array(100);
    const { channels, warnings } = ownSpeech(Array.from({ length: 8 }, () => heard(silent, [])));
    expect(channels).toEqual(Array(8).fill({ own: [], echo: [] }));
    expect(warnings).toEqual([]);
  });

  it('and what is an echo are parts of what was heard, whatever that was', () => {
    const anyFrames = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(anyFrames, { minLength: 1, maxLength: 4 }), (all) => {
        const speech = [span(0, 250), span(300, 590)];
        const { channels } = ownSpeech(all.map((frames) => heard(Float32Array.from(frames), speech)));
        for (const channel of channels) {
          for (const { startMs, endMs } of [...(channel?.own ?? []), ...(channel?.echo ?? [])]) {
            expect(endMs).toBeGreaterThan(startMs);
            expect(speech.some((whole) => whole.startMs <= startMs && endMs <= whole.endMs)).toBe(true);
          }
        }
        // Nothing is said by nobody: whoever is loudest is heard.
        expect(channels.some((channel) => channel !== null)).toBe(true);
      }),
    );
  });
});
