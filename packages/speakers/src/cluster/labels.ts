import { mean, type Vector } from '../vectors.ts';

/** Of each item the number of its cluster, from 0 on without gaps. */
export type Labels = readonly number[];

/** The items of each cluster. */
export function membersOf(labels: Labels): number[][] {
  const members: number[][] = [];
  labels.forEach((label, item) => {
    const cluster = members[label] ?? [];
    members[label] = cluster;
    cluster.push(item);
  });
  return Array.from(members, (cluster) => cluster ?? []);
}

/** Clusters by first appearance; empty ones do not count. */
export function labelsOf(clusters: readonly (readonly number[])[], items: number): Labels {
  const labels: number[] = Array(items).fill(0);
  clusters
    .filter((cluster) => cluster.length > 0)
    .forEach((cluster, label) => {
      for (const item of cluster) labels[item] = label;
    });
  return labels;
}

export const centroids = (clusters: readonly (readonly number[])[], items: readonly Vector[]): Vector[] =>
  clusters.map((cluster) => mean(cluster.flatMap((item) => items[item] ?? [])));
