import { setImmediate } from 'node:timers/promises';
import type { VoiceMix } from '@sotto/contracts';
import { symmetricEigen } from './eigen.ts';

/** The main directions in which an engine's voices differ. */
export interface VoiceSpace {
  voices: readonly string[];
  /** Of each direction, a step of one standard deviation: how much more of each voice, 0 in total. The main one first. */
  directions: readonly (readonly number[])[];
}

/**
 * The principal components of voices that are tables of numbers. Each is a sum of voices, and so is whatever lies on them: a voice at
 * any place is shares of the voices that are there, and their tables are needed no more.
 * @param packs the tables, one after the other, all of one length
 */
export async function voiceSpace(packs: Float32Array, voices: readonly string[], count: number): Promise<VoiceSpace> {
  const products = await productsOf(packs, voices.length);
  const { values, vectors } = symmetricEigen(centred(products));
  const all = vectors.map((vector) => vector.map((value) => value / Math.sqrt(voices.length)));
  // What has no variance is no direction: the last one never has any.
  const most = values[0] ?? 0;
  const directions = all.filter((_, i) => (values[i] ?? 0) > most * 1e-9).slice(0, count);
  return { voices, directions };
}

const SHARE_DIGITS = 1e6;

/** The voice that lies so many standard deviations from a voice, in each of the directions. */
export function mixAt({ voices, directions }: VoiceSpace, start: string, coordinates: readonly number[]): VoiceMix {
  return voices.map((voice, i) => {
    const moved = directions.reduce((sum, direction, k) => sum + (coordinates[k] ?? 0) * (direction[i] ?? 0), 0);
    return { voice, share: Math.round(((voice === start ? 1 : 0) + moved) * SHARE_DIGITS) / SHARE_DIGITS };
  });
}

/** Of each pack with each other; the event loop turns between them. */
async function productsOf(packs: Float32Array, count: number): Promise<number[][]> {
  const length = packs.length / count;
  const packAt = (index: number) => packs.subarray(index * length, (index + 1) * length);
  const products = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < count; i++) {
    await setImmediate();
    for (let j = 0; j <= i; j++) {
      const product = dot(packAt(i), packAt(j));
      for (const [row, column] of [
        [i, j],
        [j, i],
      ] as const)
        (products[row] as number[])[column] = product;
    }
  }
  return products;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** The products of what is left when the mean of all is taken from each. */
function centred(products: readonly (readonly number[])[]): number[][] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = products.map(mean);
  const all = mean(means);
  return products.map((row, i) => row.map((value, j) => value - (means[i] ?? 0) - (means[j] ?? 0) + all));
}
