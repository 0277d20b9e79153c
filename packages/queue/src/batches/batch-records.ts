import {
  type BatchCounts,
  type BatchItem,
  type BatchStatus,
  batchItemSchema,
  type DeliveryOptions,
  deliveryOptionsSchema,
  type Status,
} from '@sotto/contracts';
import { UnreadableRecord } from '../redis/readable.ts';
import type { RequestView } from '../runs/attachment.ts';

/** An accepted batch, as it is stored. */
export interface Batch {
  id: string;
  keyId: string | null;
  status: BatchStatus;
  createdAtMs: number;
  endedAtMs: number | null;
  delivery: DeliveryOptions;
}

/** A batch and its items, in the order they were sent. */
export interface BatchView {
  batch: Batch;
  items: BatchItemView[];
}

export interface BatchItemView {
  item: BatchItem;
  /** null: it was refused, or its client deleted it. */
  view: RequestView | null;
  /** How it had ended; for an item that has been deleted since. */
  lastStatus: 'completed' | 'failed' | 'cancelled' | null;
}

/** A refused item counts as `failed`; a deleted one as what it was. */
export function batchItemStatus({ item, view, lastStatus }: BatchItemView): 'queued' | Status {
  if (item.requestId === null) return 'failed';
  if (view === null) return lastStatus ?? 'cancelled';
  return view.run.status === 'processing' && view.run.stage === 'queued' ? 'queued' : view.run.status;
}

export function batchCounts(items: readonly BatchItemView[]): BatchCounts {
  const counts = { total: items.length, queued: 0, processing: 0, completed: 0, failed: 0, cancelled: 0 };
  for (const item of items) counts[batchItemStatus(item)] += 1;
  return counts;
}

type Hash = Record<string, string>;

/**
 * null: there is no such batch, or it is not accepted yet.
 *
 * @throws UnreadableRecord
 */
export function batchOf(id: string, hash: Hash): Batch | null {
  if (hash.state !== 'processing' && hash.state !== 'completed') return null;
  return {
    id,
    keyId: hash.keyId === '' ? null : (hash.keyId ?? null),
    status: hash.state === 'completed' && hash.cancelledAtMs !== undefined ? 'cancelled' : hash.state,
    createdAtMs: Number(hash.createdAtMs),
    endedAtMs: hash.endedAtMs === undefined ? null : Number(hash.endedAtMs),
    delivery: deliveryOf(id, hash.delivery ?? '{}'),
  };
}

function deliveryOf(id: string, json: string): DeliveryOptions {
  try {
    return deliveryOptionsSchema.parse(JSON.parse(json));
  } catch (cause) {
    throw new UnreadableRecord(`batch ${id} cannot be read`, { cause });
  }
}

export const batchItemOf = (json: string): BatchItem => batchItemSchema.parse(JSON.parse(json));
