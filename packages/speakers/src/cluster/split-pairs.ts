import { agglomerate, type Item } from './agglomerate.ts';
import { type Labels, membersOf } from './labels.ts';

const LEAST_PAIR_SECONDS = 3;
const LEAST_PAIR_SHARE = 0.2;
const LEAST_PART_SECONDS = 2;

/** A cluster that holds two speakers of one chunk again and again is two voices. @returns the clusters */
export function splitPairs(labels: Labels, items: readonly Item[], stepSeconds: number): number[][] {
  const queue = membersOf(labels);
  const done: number[][] = [];
  for (let cluster = queue.pop(); cluster !== undefined; cluster = queue.pop()) {
    const parts = halves(cluster, items, stepSeconds);
    if (parts === null) done.push(cluster);
    else queue.push(...parts);
  }
  return done;
}

function halves(cluster: readonly number[], items: readonly Item[], stepSeconds: number): number[][] | null {
  const own = cluster.flatMap((item) => items[item] ?? []);
  const pairs = chunksWithSeveral(own);
  const isMixed = own.length > 2 && pairs * stepSeconds >= LEAST_PAIR_SECONDS && pairs >= LEAST_PAIR_SHARE * own.length;
  if (!isMixed) return null;
  const parts = (agglomerate(own, [], 2).atCount ?? []).map((part) => part.map((index) => cluster[index] ?? 0));
  return parts.length === 2 && parts.every(({ length }) => length * stepSeconds >= LEAST_PART_SECONDS) ? parts : null;
}

function chunksWithSeveral(items: readonly Item[]): number {
  const counts = new Map<number, number>();
  for (const { chunk } of items) counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1).length;
}
