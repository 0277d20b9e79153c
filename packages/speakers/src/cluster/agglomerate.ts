import { addScaled, dot, unit, type Vector } from '../vectors.ts';

/** A voice, and when it is heard: two at one time are two people. */
export interface Item {
  voice: Vector;
  time: number;
}

/** Two clusters are held apart when pairs of one time are more than this share of the smaller one. */
const SHARE_APART = 0.3;
const APART = 5;
/** More items than two blocks are first merged block by block, near duplicates of one stretch, so that memory stays bounded. */
const BLOCK_ITEMS = 600;
const DUPLICATE_DISTANCE = 0.2;

type Clusters = number[][];

export interface Agglomeration {
  /** The clusters of which no two are nearer to one another than the distance. */
  atDistance: Clusters;
  /** So many clusters as asked for, or as few as there are items. */
  atCount: Clusters;
}

/**
 * Agglomerative clustering with average linkage on the cosine distance, and with cannot-links between items of one time. Average
 * linkage of unit vectors takes no more than their sums: the distance of A and B is 1 - mean(A).mean(B).
 * @param distance below 5 @param count at least 1
 */
export function agglomerate(items: readonly Item[], distance: number, count: number): Agglomeration {
  const merger = new Merger(startingClusters(items), items);
  let atDistance: Clusters | null = null;
  let atCount: Clusters | null = null;
  while (atDistance === null || atCount === null) {
    if (merger.size <= count) atCount ??= merger.clusters();
    if (merger.size <= 1 || merger.nearestDistance() > distance) atDistance ??= merger.clusters();
    if (merger.size <= 1) break;
    merger.mergeNearest();
  }
  return { atDistance: atDistance ?? [], atCount: atCount ?? atDistance ?? [] };
}

function startingClusters(items: readonly Item[]): Clusters {
  if (items.length <= 2 * BLOCK_ITEMS) return items.map((_, item) => [item]);
  const clusters: Clusters = [];
  for (let first = 0; first < items.length; first += BLOCK_ITEMS) {
    const block = agglomerate(items.slice(first, first + BLOCK_ITEMS), DUPLICATE_DISTANCE, BLOCK_ITEMS).atDistance;
    clusters.push(...block.map((cluster) => cluster.map((item) => first + item)));
  }
  return clusters;
}

/** The clusters that are left, the distance of each two, and of each the nearest after it. */
class Merger {
  readonly #clusters: Clusters;
  readonly #weights: number[];
  readonly #distances: Float32Array[];
  /** Pairs of one time. */
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
    const times = clusters.map((cluster) => timesOf(cluster, items));
    this.#pairs = times.map((a) => Float32Array.from(times, (b) => pairsOf(a, b)));
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
      for (const [a, b] of [
        [i, k],
        [k, i],
      ] as const) {
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

function timesOf(cluster: readonly number[], items: readonly Item[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const item of cluster) {
    const time = items[item]?.time ?? 0;
    counts.set(time, (counts.get(time) ?? 0) + 1);
  }
  return counts;
}

function pairsOf(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  let pairs = 0;
  for (const [time, count] of a) pairs += count * (b.get(time) ?? 0);
  return pairs;
}
