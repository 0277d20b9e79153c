import { type AuditEntry, auditEntrySchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach, replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import type { QueueSettings } from '../redis/settings.ts';

export interface AuditLimits {
  /** About how many of the newest entries are kept. */
  maxEntries: number;
  /** How long the log is kept after its last entry. */
  idleTtlMs: number;
}

/** `null`: any. */
export interface AuditFilter {
  action: AuditEntry['action'] | null;
  keyId: string | null;
}

export interface AuditPage {
  /** Newest first. */
  entries: AuditEntry[];
  /** null: this was the last page. */
  nextCursor: string | null;
}

const STEP = 200;
/** A filter that matches almost nothing must not read the whole stream in one call. */
const MAX_STEPS = 25;
const CURSOR = /^\d+-\d+$/;

/** The audit log that all API processes share: a stream that is only appended to, and trimmed at its old end. */
export class AuditStream {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #limits: AuditLimits;

  constructor(redis: Redis, settings: QueueSettings, limits: AuditLimits) {
    this.#redis = redis;
    this.#key = new Keys(settings.prefix).access.audit;
    this.#limits = limits;
  }

  async append(entries: readonly AuditEntry[]): Promise<void> {
    const { maxEntries, idleTtlMs } = this.#limits;
    const pipeline = this.#redis.pipeline();
    for (const entry of entries) pipeline.xadd(this.#key, 'MAXLEN', '~', maxEntries, '*', 'e', JSON.stringify(entry));
    await replies(pipeline.pexpire(this.#key, idleTtlMs));
  }

  /** `cursor`: from the previous page; an impossible one means the beginning. */
  async page(filter: AuditFilter, limit: number, cursor: string | null): Promise<AuditPage> {
    const entries: AuditEntry[] = [];
    let last = cursor !== null && CURSOR.test(cursor) ? cursor : null;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const found = await reach(this.#redis.xrevrange(this.#key, last === null ? '+' : `(${last}`, '-', 'COUNT', STEP));
      for (const [id, [, json = '']] of found) {
        last = id;
        const { data: entry } = auditEntrySchema.safeParse(JSON.parse(json));
        // Another version of this service wrote it.
        if (entry === undefined) continue;
        if (filter.action !== null && entry.action !== filter.action) continue;
        if (filter.keyId !== null && entry.key_id !== filter.keyId) continue;
        entries.push(entry);
        if (entries.length === limit) return { entries, nextCursor: last };
      }
      if (found.length < STEP) return { entries, nextCursor: null };
    }
    return { entries, nextCursor: last };
  }
}
