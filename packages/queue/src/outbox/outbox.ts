import type { Redis } from 'ioredis';
import { reach, replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { Notifications } from '../redis/notifications.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import {
  legacyOutboxEvent,
  type OutboxConsumer,
  type OutboxEvent,
  outboxEventOf,
  outboxMember,
} from './outbox-event.ts';

/** Consumers that builds before the outbox had, in one. */
const LEGACY_CONSUMERS = ['webhooks', 'batches'] as const satisfies readonly OutboxConsumer[];

/** An event that was taken and is not dropped within this time comes again: its consumer has died or failed. */
const LEASE_MS = 5_000;

/**
 * Events on their way to their consumers. waiting -> taken (by one process, for the time of its lease) -> dropped. An
 * event whose process dies comes again, so that consumers must be idempotent.
 */
export class Outbox {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** Takes events that are due, the longest due first. Those that only a newer build knows stay for it. */
  async take(consumer: OutboxConsumer, limit: number): Promise<OutboxEvent[]> {
    const argument = { now: Date.now(), leaseMs: LEASE_MS, limit };
    const members = await runScript(this.#redis, 'outbox-take', [this.#keys.outbox.of(consumer)], argument);
    return (members as string[]).map(outboxEventOf).filter((event) => event !== null);
  }

  /** When the next event is due, in milliseconds since 1970; null: there is none. */
  async nextDueMs(consumer: OutboxConsumer): Promise<number | null> {
    const [, score] = await reach(this.#redis.zrange(this.#keys.outbox.of(consumer), '0', '0', 'WITHSCORES'));
    return score === undefined ? null : Number(score);
  }

  /** It is still being handled. */
  async renew(consumer: OutboxConsumer, event: OutboxEvent): Promise<void> {
    const key = this.#keys.outbox.of(consumer);
    await reach(this.#redis.zadd(key, 'XX', Date.now() + LEASE_MS, outboxMember(event)));
  }

  /** The event has been handled. */
  async drop(consumer: OutboxConsumer, event: OutboxEvent): Promise<void> {
    await reach(this.#redis.zrem(this.#keys.outbox.of(consumer), outboxMember(event)));
  }

  /** Calls `onChange` whenever there may be something new, also after a lost connection. @returns what ends that */
  follow(subscriber: Redis, onChange: () => void): Promise<() => void> {
    return new Notifications(subscriber).listen(this.#keys.outbox.notifications, { notified: onChange });
  }

  /** Takes over events of builds before the outbox, which may run beside this one. Safe to repeat. */
  async adoptLegacy(): Promise<void> {
    const legacy = this.#keys.outbox.legacy;
    const members = await reach(this.#redis.zrange(legacy, '0', '-1'));
    for (const member of members) {
      const subject = member.slice(0, member.lastIndexOf('.'));
      const isBatch = (await reach(this.#redis.exists(this.#keys.batches.record(subject)))) === 1;
      const event = outboxMember(legacyOutboxEvent(member, isBatch));
      const pipeline = this.#redis.multi();
      for (const consumer of LEGACY_CONSUMERS) pipeline.zadd(this.#keys.outbox.of(consumer), Date.now(), event);
      await replies(pipeline.zrem(legacy, member));
    }
  }
}
