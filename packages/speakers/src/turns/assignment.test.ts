import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assign } from './assignment.ts';

const rows = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 })).chain(([speakers, voices]) =>
  fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: voices, maxLength: voices }), {
    minLength: speakers,
    maxLength: speakers,
  }),
);

function* choices(speakers: number, voices: number): Generator<number[]> {
  if (speakers === 0) return yield [];
  for (const rest of choices(speakers - 1, voices)) for (let voice = 0; voice < voices; voice++) yield [...rest, voice];
}

it('gives different voices, with the largest sum, while there are enough', () => {
  fc.assert(
    fc.property(rows, (similarities) => {
      const voices = similarities[0]?.length ?? 0;
      const found = assign(similarities);
      expect(found).toHaveLength(similarities.length);
      if (voices < similarities.length) return;
      expect(new Set(found).size).toBe(found.length);
      const sumOf = (choice: readonly number[]) =>
        choice.reduce((sum, voice, speaker) => sum + (similarities[speaker]?.[voice] ?? 0), 0);
      const sums = [...choices(similarities.length, voices)]
        .filter((choice) => new Set(choice).size === choice.length)
        .map(sumOf);
      expect(sumOf(found)).toBeCloseTo(Math.max(...sums), 10);
    }),
  );
});

it('gives the nearest voice to whom none is left', () => {
  expect(assign([[0.9], [0.8]])).toEqual([0, 0]);
  expect(
    assign([
      [0.1, 0.2],
      [0.9, 0.8],
      [0.3, 0.7],
    ]),
  ).toEqual([1, 0, 1]);
});
