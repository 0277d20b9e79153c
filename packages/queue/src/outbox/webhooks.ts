import { type WebhookAttempt, webhookAttemptSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { type DeliverWebhookPayload, JOB_CATALOG } from '../catalog/jobs.ts';
import { reach, replies } from '../redis/connection.ts';
import { Keys } from '../redis/keys.ts';
import { jobOptions, parsePayload, QueueDoor } from '../redis/queues.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { webhookJobId, webhookMember, webhookOf } from './webhook-subject.ts';

/** A webhook that waits in the outbox. */
export type DueWebhook = Pick<DeliverWebhookPayload, 'subject' | 'delivery'>;

/** What a client's webhook is about. */
export type ToldOf = 'request' | 'batch';

export interface WebhookHistory {
  /** How many deliveries were asked for: the one at the job's end, and replays. */
  deliveries: number;
  /** The newest hundred, oldest first. */
  attempts: WebhookAttempt[];
}

const ATTEMPTS_KEPT = 100;

/**
 * Webhooks of requests, of batches, and of quotas. The script that ends a run puts those of its requests into an outbox,
 * in the same step (the one that ends a batch its own, the one that counts minutes those of quotas); whoever hears of it
 * moves them into their queue. A process may die anywhere in between: the job's id is made from the subject, so a webhook
 * that is moved twice is queued once, and the sweep moves what was left.
 */
export class Webhooks {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #queue: QueueDoor;

  constructor(redis: Redis, settings: QueueSettings, onError: (error: Error) => void = () => {}) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#queue = new QueueDoor(redis, settings.prefix, 'webhooks', onError);
  }

  /** Oldest first. */
  async due(limit: number): Promise<DueWebhook[]> {
    const members = await reach(this.#redis.zrange(this.#keys.webhookOutbox, '0', String(limit - 1)));
    return members.map(webhookOf);
  }

  /** From the outbox into the queue. `retryDelayMs`: before the second try; doubles with each. */
  async enqueue(payload: DeliverWebhookPayload, retryDelayMs: number): Promise<void> {
    await this.#queue.use((queue) =>
      queue.add('deliver-webhook', parsePayload('deliver-webhook', payload), {
        ...jobOptions('deliver-webhook'),
        backoff: { ...JOB_CATALOG['deliver-webhook'].backoff, delay: retryDelayMs },
        jobId: webhookJobId(payload.subject, payload.delivery),
      }),
    );
    await this.drop(payload);
  }

  /** Takes it out of the outbox. */
  async drop({ subject, delivery }: DueWebhook): Promise<void> {
    await reach(this.#redis.zrem(this.#keys.webhookOutbox, webhookMember(subject, delivery)));
  }

  /** Of a request or a batch. false: it is gone, and with it the place to keep this; or it is about neither. */
  async record(subject: string, attempt: WebhookAttempt): Promise<boolean> {
    for (const kind of ['request', 'batch'] as const) {
      const place = this.#placeOf(kind, subject);
      const reply = await runScript(this.#redis, 'webhook-attempt', place, [JSON.stringify(attempt), ATTEMPTS_KEPT]);
      if (reply === 1) return true;
    }
    return false;
  }

  async history(kind: ToldOf, id: string): Promise<WebhookHistory> {
    const [record, tries] = this.#placeOf(kind, id);
    const [replays, attempts] = await replies(
      this.#redis.pipeline().hget(record, 'webhookReplays').lrange(tries, 0, -1),
    );
    return {
      deliveries: Number(replays ?? 0) + 1,
      attempts: (attempts as string[]).map((json) => webhookAttemptSchema.parse(JSON.parse(json))),
    };
  }

  /** Delivers it once more, with the same id. false: there is no webhook. */
  async replay(kind: ToldOf, id: string): Promise<boolean> {
    const [record] = this.#placeOf(kind, id);
    const reply = await runScript(this.#redis, 'webhook-replay', [record, this.#keys.webhookOutbox], [id, Date.now()]);
    return Number(reply) > 0;
  }

  /** The hash of what the webhook is about, and the list of its tries. */
  #placeOf(kind: ToldOf, id: string): [string, string] {
    const keys = this.#keys;
    return kind === 'batch'
      ? [keys.batch(id), keys.batchWebhookAttempts(id)]
      : [keys.request(id), keys.webhookAttempts(id)];
  }

  /** The connection stays open: it is the caller's. */
  async close(): Promise<void> {
    await this.#queue.close();
  }
}
