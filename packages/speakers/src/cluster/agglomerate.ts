import { addScaled, dot, unit, type Vector } from '../vectors.ts';

/** A local speaker of a chunk: how it sounds, and in which chunk. Two of one chunk are two people. */
export interface Item {
  voice: Vector;
  chunk: number;
}

/** Two clusters are held apart when pairs of one chunk are more than this share of the smaller one. */
const SHARE_APART = 0.3;
const APART = 5;
/** More items than two blocks are first merged block by block, near duplicates of one stretch, so that memory stays bounded. */
const BLOCK_ITEMS = 600;
const DUPLICATE_DISTANCE = 0.2;

type Clusters = number[][];

export interface Agglomeration {
  /** The clusters at each distance, in the order asked for. */
  atDistances: Clusters[];
  /** The clusters when there were so many, if that was asked for and there were as many items. */
  atCount: Clusters | null;
}

/**
 * Agglomerative clustering with average linkage on the cosine distance, and with cannot-links inside a chunk. Average linkage of
 * unit vectors takes no more than their sums: the distance of A and B is 1 - mean(A).mean(B).
 * @param distances ascending
 */
export function agglomerate(items: readonly Item[], distances: readonly number[], count: number | null = null): Agglomeration {
  const merger = new Merger(startingClusters(items), items);
  const atDistances: Clusters[] = [];
  let atCount = count !== null && merger.size <= count ? merger.clusters() : null;
  while (merger.size > 1 && (atDistances.length < distances.length || (count !== null && atCount === null))) {
    const distance = merger.nearestDistance();
    while (distance > (distances[atDistances.length] ?? Number.POSITIVE_INFINITY)) atDistances.push(merger.clusters());
    if (atDistances.length === distances.length && (count === null || atCount !== null)) break;
    merger.mergeNearest();
    if (merger.size === count) atCount = merger.clusters();
  }
  while (atDistances.length < distances.length) atDistances.push(merger.clusters());
  return { atDistances, atCount: count === null ? null : (atCount ?? merger.clusters()) };
}

function startingClusters(items: readonly Item[]): Clusters {
  if (items.length <= 2 * BLOCK_ITEMS) return items.map((_, item) => [item]);
  const clusters: Clusters = [];
  for (let first = 0; first < items.length; first += BLOCK_ITEMS) {
    const block = agglomerate(items.slice(first, first + BLOCK_ITEMS), [DUPLICATE_DISTANCE]).atDistances[0] ?? [];
    clusters.push(...block.map((cluster) => cluster.map((item) => first + item)));
  }
  return clusters;
}

/** The clusters that are left, the distance of each two, and of each the nearest one after it. */
class Merger {
  readonly #clusters: Clusters;
  readonly #weights: number[];
  readonly #distances: Float32Array[];
  /** Pairs of one chunk. */
  readonly #pairs: Float32Array[];
  readonly #alive: boolean[];
  readonly #nearest: number[];
  size: number;

  constructor(clusters: Clusters, items: readonly Item[]) {
    this.#clusters = clusters.map((cluster) => [...cluster]);
    this.size = clusters.length;
    this.#alive = clusters.map(() => true);
    this.#weights = clusters.map((cluster) => cluster.length);
    const means = clusters.map((cluster) => meanDirection(cluster, items));
    this.#distances = means.map((a) => Float32Array.from(means, (b) => 1 - dot(a, b)));
    const chunks = clusters.map((cluster) => chunksOf(cluster, items));
    this.#pairs = chunks.map((a) => Float32Array.from(chunks, (b) => pairsOf(a, b)));
    this.#nearest = clusters.map((_, i) => this.#nearestOf(i));
  }

  clusters(): Clusters {
    return this.#clusters.filter((_, i) => this.#alive[i]).map((cluster) => [...cluster]);
  }

  nearestDistance(): number {
    const [i, j] = this.#nearestPair();
    return this.#score(i, j);
  }

  mergeNearest(): void {
    const [i, j] = this.#nearestPair();
    this.#merge(i, j);
    for (let k = 0; k < this.#clusters.length; k++) {
      if (!this.#alive[k]) continue;
      const nearest = this.#nearest[k] ?? k;
      if (k === i || nearest === i || nearest === j) this.#nearest[k] = this.#nearestOf(k);
      else if (k < i && this.#score(k, i) < this.#score(k, nearest)) this.#nearest[k] = i;
    }
  }

  #merge(i: number, j: number): void {
    const [wi, wj] = [this.#weights[i] ?? 0, this.#weights[j] ?? 0];
    for (let k = 0; k < this.#clusters.length; k++) {
      const distance = (wi * this.#distance(i, k) + wj * this.#distance(j, k)) / (wi + wj);
      const pairs = (this.#pairs[i]?.[k] ?? 0) + (this.#pairs[j]?.[k] ?? 0);
      for (const [a, b] of [[i, k], [k, i]] as const) {
        (this.#distances[a] as Float32Array)[b] = distance;
        (this.#pairs[a] as Float32Array)[b] = pairs;
      }
    }
    this.#weights[i] = wi + wj;
    this.#clusters[i]?.push(...(this.#clusters[j] ?? []));
    this.#clusters[j] = [];
    this.#alive[j] = false;
    this.size--;
  }

  #distance(i: number, j: number): number {
    return this.#distances[i]?.[j] ?? 0;
  }

  #score(i: number, j: number): number {
    const smaller = Math.min(this.#weights[i] ?? 0, this.#weights[j] ?? 0);
    const apart = (this.#pairs[i]?.[j] ?? 0) > SHARE_APART * smaller;
    return this.#distance(i, j) + (apart ? APART : 0);
  }

  /** Of those after it; itself: none. */
  #nearestOf(i: number): number {
    let nearest = i;
    let least = Number.POSITIVE_INFINITY;
    for (let j = i + 1; j < this.#clusters.length; j++) {
      if (!this.#alive[j]) continue;
      const score = this.#score(i, j);
      if (score < least) [nearest, least] = [j, score];
    }
    return nearest;
  }

  #nearestPair(): [number, number] {
    let pair: [number, number] = [0, 0];
    let least = Number.POSITIVE_INFINITY;
    this.#nearest.forEach((j, i) => {
      if (!this.#alive[i] || j === i) return;
      const score = this.#score(i, j);
      if (score < least) [pair, least] = [[i, j], score];
    });
    return pair;
  }
}

function meanDirection(cluster: readonly number[], items: readonly Item[]): Vector {
  const sum = new Float64Array(items[0]?.voice.length ?? 0);
  for (const item of cluster) {
    const voice = items[item]?.voice;
    if (voice !== undefined) addScaled(sum, unit(voice), 1 / cluster.length);
  }
  return sum;
}

function chunksOf(cluster: readonly number[], items: readonly Item[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const item of cluster) {
    const chunk = items[item]?.chunk ?? 0;
    counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
  }
  return counts;
}

function pairsOf(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  let pairs = 0;
  for (const [chunk, count] of a) pairs += count * (b.get(chunk) ?? 0);
  return pairs;
}
