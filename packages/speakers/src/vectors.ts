/** Numbers of one voice. */
export type Vector = Float64Array;

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** In place. */
export function addScaled(to: Vector, from: Vector, factor = 1): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + (from[i] ?? 0) * factor;
}

const LEAST_LENGTH = 1e-9;

/** Of length 1; nothing stays nothing. */
export function unit(vector: Vector): Vector {
  const length = Math.max(Math.sqrt(dot(vector, vector)), LEAST_LENGTH);
  return vector.map((value) => value / length);
}

/** @throws RangeError without any */
export function mean(vectors: readonly Vector[]): Vector {
  const [first] = vectors;
  if (first === undefined) throw new RangeError('nothing has no mean');
  const sum = new Float64Array(first.length);
  for (const vector of vectors) addScaled(sum, vector, 1 / vectors.length);
  return sum;
}

export const indexOfLargest = (values: ArrayLike<number>): number => {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
};
