import type { Redis } from 'ioredis';
import { reach, replies } from '../redis/connection.ts';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import {
  legacyOutboxEvent,
  OUTBOX_CONSUMERS,
  type OutboxConsumer,
  type OutboxEvent,
  outboxEventOf,
  outboxMember,
} from './outbox-event.ts';

/** An event that was taken and is not dropped by then comes again: whoever took it has died, or failed at it. */
const LEASE_MS = 5_000;

/**
 * Events on their way to those who act on them. taken (by one process, for as long as its lease) -> dropped; one whose
 * process died comes again, so a consumer must stand hearing of it twice.
 */
export class Outbox {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** Those that have been due for longest. What a newer build wrote stays for it. */
  async take(consumer: OutboxConsumer, limit: number): Promise<OutboxEvent[]> {
    const argument = { now: Date.now(), leaseMs: LEASE_MS, limit };
    const members = await runScript(this.#redis, 'outbox-take', [this.#keys.outbox.of(consumer)], argument);
    return (members as string[]).map(outboxEventOf).filter((event) => event !== null);
  }

  /** When the next one comes, or comes again, in milliseconds since 1970; null: nothing is there. */
  async nextDueMs(consumer: OutboxConsumer): Promise<number | null> {
    const [, score] = await reach(this.#redis.zrange(this.#keys.outbox.of(consumer), '0', '0', 'WITHSCORES'));
    return score === undefined ? null : Number(score);
  }

  /** It has been acted on. */
  async drop(consumer: OutboxConsumer, event: OutboxEvent): Promise<void> {
    await reach(this.#redis.zrem(this.#keys.outbox.of(consumer), outboxMember(event)));
  }

  /** Brings in what builds before the outbox leave, which may run beside this one. Harmless to repeat. */
  async adoptLegacy(): Promise<void> {
    const legacy = this.#keys.outbox.legacy;
    const members = await reach(this.#redis.zrange(legacy, '0', '-1'));
    for (const member of members) {
      const subject = member.slice(0, member.lastIndexOf('.'));
      const isBatch = (await reach(this.#redis.exists(this.#keys.batches.record(subject)))) === 1;
      const event = outboxMember(legacyOutboxEvent(member, isBatch));
      const pipeline = this.#redis.multi();
      for (const consumer of OUTBOX_CONSUMERS) pipeline.zadd(this.#keys.outbox.of(consumer), Date.now(), event);
      await replies(pipeline.zrem(legacy, member));
    }
  }
}
