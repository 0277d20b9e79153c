import { dot, mean, unit, type Vector } from '../vectors.ts';

/** The least cosine at which two clusters are one voice: the one at which a known voice is recognized. */
const ALIKE = 0.55;

/**
 * Clusters that sound the same become one, nearest first, as long as more than `least` are left. Cannot-links have kept them apart
 * while they were small: in a hard moment the segmentation network now and then takes one person for two.
 * @param clusters indices of `voices` @param voices of moments
 */
export function joinAlike(clusters: readonly number[][], voices: readonly Vector[], least: number): number[][] {
  const joined = clusters.map((items) => ({ items, direction: directionOf(items, voices) }));
  while (joined.length > Math.max(1, least)) {
    const nearest = nearestPair(joined.map(({ direction }) => direction));
    if (nearest.cosine < ALIKE) break;
    const [one, other] = [joined[nearest.first], joined[nearest.second]];
    if (one === undefined || other === undefined) break;
    const items = [...one.items, ...other.items];
    joined[nearest.first] = { items, direction: directionOf(items, voices) };
    joined.splice(nearest.second, 1);
  }
  return joined.map(({ items }) => items);
}

const directionOf = (items: readonly number[], voices: readonly Vector[]): Vector =>
  unit(mean(items.flatMap((item) => voices[item] ?? [])));

function nearestPair(directions: readonly Vector[]): { first: number; second: number; cosine: number } {
  let nearest = { first: 0, second: 0, cosine: Number.NEGATIVE_INFINITY };
  directions.forEach((direction, second) => {
    for (let first = 0; first < second; first++) {
      const cosine = dot(direction, directions[first] ?? direction);
      if (cosine > nearest.cosine) nearest = { first, second, cosine };
    }
  });
  return nearest;
}
