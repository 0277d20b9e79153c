import type { Status } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';
import type { Keys } from '../redis/keys.ts';
import type { RequestView } from './attachment.ts';

export interface RequestFilter {
  /** null: requests of all keys. */
  keyId: string | null;
  status?: Status;
  /** Only those that asked for a webhook. */
  hasWebhook?: boolean;
  /** From the previous page. */
  cursor?: string;
  limit: number;
}

export interface RequestPage {
  items: RequestView[];
  /** null: this was the last page. */
  nextCursor: string | null;
}

type View = (requestId: string) => Promise<RequestView | 'expired' | 'unreadable' | null>;

const STEP = 100;
/** A filter that matches almost nothing must not walk the whole index in one call. */
const MAX_STEPS = 20;
const CURSOR = /^\d+:[0-9a-f-]+$/i;

/** Walks an index from the newest request backwards, and removes members whose request is gone. */
export async function listRequests(redis: Redis, keys: Keys, view: View, filter: RequestFilter): Promise<RequestPage> {
  const index = keys.requests.index(filter.keyId);
  const items: RequestPage['items'] = [];
  let last = filter.cursor !== undefined && CURSOR.test(filter.cursor) ? filter.cursor : null;

  for (let step = 0; step < MAX_STEPS; step += 1) {
    const members = await reach(redis.zrevrangebylex(index, last === null ? '+' : `(${last}`, '-', 'LIMIT', 0, STEP));
    const views = await Promise.all(members.map((member) => view(member.slice(member.indexOf(':') + 1))));
    const gone: string[] = [];
    for (const [i, member] of members.entries()) {
      const seen = views[i];
      last = member;
      if (seen === null || seen === 'expired' || seen === undefined) gone.push(member);
      // It stays in the index for builds that can read it.
      else if (seen === 'unreadable') continue;
      else if (isWanted(seen, filter)) items.push(seen);
      if (items.length === filter.limit) break;
    }
    if (gone.length > 0) await reach(redis.zrem(index, ...gone));
    if (items.length === filter.limit) return { items, nextCursor: last };
    if (members.length < STEP) return { items, nextCursor: null };
  }
  return { items, nextCursor: last };
}

const isWanted = ({ request, run }: RequestView, { status, hasWebhook = false }: RequestFilter): boolean =>
  (status === undefined || run.status === status) && (!hasWebhook || request.delivery.webhookUrl !== undefined);
