import { seededRandom } from '@sotto/testkit';
import type { MaterialCounts } from './material.ts';

/** What one client does. */
export interface Order {
  /** Indices of materials; several, all recordings, are sent as one batch. */
  materials: number[];
  isBatch: boolean;
  /** Its end is to be told to the receiver. */
  webhook: boolean;
  /** Whether a run of the same work may be joined. */
  cache: boolean;
  /** Cancelled so long after it was accepted. */
  cancelAfterMs: number | null;
  /** When it is sent, as a share of the time for sending. */
  at: number;
}

const BATCH_ITEMS = 4;

/** Orders with so many jobs in all, in the order in which they are sent. The same seed gives the same orders. */
export function workload(jobs: number, { recordings, texts }: MaterialCounts, seed: number): Order[] {
  const random = seededRandom(seed);
  const any = (count: number): number => Math.floor(random() * count);
  const orders: Order[] = [];
  for (let left = jobs; left > 0; left -= orders.at(-1)?.materials.length ?? 1) {
    const isBatch = left >= BATCH_ITEMS && random() < 0.05;
    const isCancelled = !isBatch && random() < 0.12;
    orders.push({
      materials: isBatch ? Array.from({ length: BATCH_ITEMS }, () => any(recordings)) : [any(recordings + texts)],
      isBatch,
      webhook: random() < 0.4,
      cache: random() < 0.3,
      cancelAfterMs: isCancelled ? Math.floor(random() * 2000) : null,
      at: random(),
    });
  }
  return orders.sort((a, b) => a.at - b.at);
}
