import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { symmetricEigen } from './eigen.ts';

const symmetric = fc.integer({ min: 1, max: 7 }).chain((size) =>
  fc
    .array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: size, maxLength: size }), {
      minLength: size,
      maxLength: size,
    })
    .map((rows) => rows.map((row, i) => row.map((value, j) => (value + (rows[j]?.[i] ?? 0)) / 2))),
);

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describe('symmetricEigen', () => {
  it('knows a matrix that everybody knows', () => {
    const { values, vectors } = symmetricEigen([
      [2, 1],
      [1, 2],
    ]);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
    expect(Math.abs(vectors[0]?.[0] ?? 0)).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it('gives directions that the matrix only stretches, in descending order and at right angles', () => {
    fc.assert(
      fc.property(symmetric, (matrix) => {
        const { values, vectors } = symmetricEigen(matrix);
        const scale = Math.max(1, ...matrix.flat().map(Math.abs)) * matrix.length;
        vectors.forEach((vector, k) => {
          matrix.forEach((row, i) => {
            expect(Math.abs(dot(row, vector) - (values[k] ?? 0) * (vector[i] ?? 0))).toBeLessThan(scale * 1e-9);
          });
          vectors.forEach((other, j) => {
            expect(dot(vector, other)).toBeCloseTo(j === k ? 1 : 0, 9);
          });
        });
        expect(values).toEqual([...values].sort((a, b) => b - a));
      }),
    );
  });
});
