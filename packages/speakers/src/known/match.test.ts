import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ALIKE, MARGIN, matchVoices } from './match.ts';

/** Directions in a plane: voices at these angles, in degrees, are as alike as the cosine of what is between them. */
const at = (...degrees: number[]) =>
  degrees.map((angle) => Float64Array.of(Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)));

describe('matchVoices', () => {
  it('recognizes whom it knows, in any order, and leaves the others unnamed', () => {
    expect(matchVoices(at(0, 90, 200), at(95, 5))).toEqual([1, 0, null]);
    expect(matchVoices(at(0), [])).toEqual([null]);
    expect(matchVoices([], at(0))).toEqual([]);
  });

  it('names nobody where two known voices are about as alike', () => {
    expect(matchVoices(at(0), at(10, -12))).toEqual([null]);
    expect(matchVoices(at(0), at(10, 60))).toEqual([0]);
  });

  it('gives a name to the nearest of two speakers, and no second-best name to the other', () => {
    expect(matchVoices(at(10, 2), at(0))).toEqual([null, 0]);
    expect(matchVoices(at(0, 5, 50), at(0, 50))).toEqual([0, null, 1]);
    expect(matchVoices(at(3, 3), at(0))).toEqual([0, null]);
  });

  const coordinate = fc.integer({ min: -9, max: 9 });
  const voices = fc.array(
    fc.array(coordinate, { minLength: 5, maxLength: 5 }).map((values) => Float64Array.from(values)),
    { maxLength: 8 },
  );
  const cosine = (a: Float64Array, b: Float64Array) => {
    const product = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
    return product(a, b) / Math.max(Math.sqrt(product(a, a) * product(b, b)), 1e-18);
  };

  it('gives each name once, only above the threshold and with the margin', () => {
    fc.assert(
      fc.property(voices, voices, (speakers, known) => {
        const matches = matchVoices(speakers, known);
        expect(matches).toHaveLength(speakers.length);
        const named = matches.filter((match) => match !== null);
        expect(new Set(named).size).toBe(named.length);
        matches.forEach((match, speaker) => {
          if (match === null) return;
          const likeness = known.map((voice) => cosine(speakers[speaker] as Float64Array, voice));
          const own = likeness[match] ?? 0;
          expect(own).toBeGreaterThan(ALIKE - 1e-9);
          for (const other of likeness.filter((_, voice) => voice !== match)) {
            expect(own - other).toBeGreaterThan(MARGIN - 1e-9);
          }
        });
      }),
    );
  });

  it('does not depend on how loud voices are, nor on who else is unknown', () => {
    // Powers of two, by which nothing is rounded.
    const factor = fc.constantFrom(0.25, 2, 64);
    fc.assert(
      fc.property(voices, voices, factor, (speakers, known, loudness) => {
        const louder = speakers.map((voice) => voice.map((value) => value * loudness));
        expect(matchVoices(louder, known)).toEqual(matchVoices(speakers, known));
        const silent = new Float64Array(5);
        expect(matchVoices([...speakers, silent], known)).toEqual([...matchVoices(speakers, known), null]);
      }),
    );
  });
});
