import { describe, expect, it } from '@jest/globals';
import { concat, noise, pause, tone } from '@sotto/testkit';
import fc from 'fast-check';
import { measureSound, type SoundFigures } from './sound-figures.ts';

const floats = (samples: Int16Array): Float32Array => Float32Array.from(samples, (sample) => sample / 32_768);

/** Half a second of a voice, half a second of nothing, ten times. */
function talk(level: number): Float32Array {
  const syllables = Array.from({ length: 10 }, (_, at) => [tone(500, 150 + 20 * at, 16_384), pause(500)]).flat();
  return floats(concat(...syllables)).map((sample) => sample * level);
}

const hiss = (level: number, ms = 10_000): Float32Array => floats(noise(ms, 32_767)).map((sample) => sample * level);
const mixed = (a: Float32Array, b: Float32Array): Float32Array => a.map((sample, at) => sample + (b[at] ?? 0));

function measured(samples: Float32Array): SoundFigures {
  const figures = measureSound(samples);
  if (figures === null) throw new Error('nothing was heard');
  return figures;
}

describe('what is measured of a recording', () => {
  it('is how far speech stands out of the noise, wherever both lie', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: -30, max: 0 }), (snrDb, levelDb) => {
        // White noise at full scale has -4.8 dB, and a tone of half of it -9 dB.
        const level = 10 ** (levelDb / 20);
        const { snrDb: found, noiseDb } = measured(mixed(talk(level), hiss(level * 10 ** ((-4.2 - snrDb) / 20))));
        // In speech, the loudest frames are 5 dB above the mean; here, all are equally loud.
        expect(Math.abs(found + 5 - snrDb)).toBeLessThan(1.5);
        expect(Math.abs(noiseDb - (levelDb - 9 - snrDb))).toBeLessThan(1.5);
      }),
      { numRuns: 20 },
    );
  });

  it('takes no offset for sound', () => {
    const plain = measured(mixed(talk(0.1), hiss(0.005)));
    const shifted = measured(mixed(talk(0.1), hiss(0.005)).map((sample) => sample + 0.5));
    expect(shifted.offset - plain.offset).toBeCloseTo(0.5, 4);
    expect(shifted.loudDb).toBeCloseTo(plain.loudDb, 2);
    expect(shifted.noiseDb).toBeCloseTo(plain.noiseDb, 2);
  });

  it('leaves out silence that somebody put in', () => {
    const sound = mixed(talk(0.5), hiss(0.01));
    const longer = new Float32Array(3 * sound.length);
    longer.set(sound, sound.length);
    expect(measured(longer).snrDb).toBeCloseTo(measured(sound).snrDb, 0);
  });

  it('is nothing where there is no sound', () => {
    expect(measureSound(new Float32Array(0))).toBeNull();
    expect(measureSound(new Float32Array(100))).toBeNull();
    expect(measureSound(new Float32Array(16_000))).toBeNull();
    expect(measureSound(new Float32Array(16_000).fill(0.3))).toBeNull();
  });

  it('is finite, whatever the samples are', () => {
    const samples = fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 2_000 });
    fc.assert(
      fc.property(samples, (sound) => {
        const figures = measureSound(sound);
        for (const figure of Object.values(figures ?? {})) expect(figure).toEqual(expect.any(Number));
        for (const figure of Object.values(figures ?? {})) expect(Number.isFinite(figure)).toBe(true);
      }),
    );
  });
});
