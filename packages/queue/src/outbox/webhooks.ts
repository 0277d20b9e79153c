import { type WebhookAttempt, webhookAttemptSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { type DeliverWebhookPayload, JOB_CATALOG } from '../catalog/jobs.ts';
import { replies } from '../redis/connection.ts';
import { Keys } from '../redis/keys.ts';
import { jobOptions, packPayload, QueueDoor } from '../redis/queues.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { webhookJobId } from './webhook-subject.ts';

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
 * Webhooks of jobs, of batches, and of quotas: queued by the consumer of the outbox that is called so, under an id made of
 * what they are about, so that one that is queued twice is delivered once.
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

  /** `retryDelayMs`: before the second try; doubles with each. */
  async enqueue(payload: DeliverWebhookPayload, retryDelayMs: number): Promise<void> {
    const kind = 'deliver-webhook';
    await this.#queue.use((queue) =>
      queue.add(kind, packPayload(kind, payload), {
        ...jobOptions(kind),
        backoff: { ...JOB_CATALOG[kind].backoff, delay: retryDelayMs },
        jobId: webhookJobId(payload.subject, payload.delivery),
      }),
    );
  }

  /** Of a request or a batch. false: it is gone, and with it the place to keep this; or it is about neither. */
  async record(subject: string, attempt: WebhookAttempt): Promise<boolean> {
    for (const kind of ['request', 'batch'] as const) {
      const place = this.#placeOf(kind, subject);
      const argument = { attempt: JSON.stringify(attempt), kept: ATTEMPTS_KEPT };
      if ((await runScript(this.#redis, 'webhook-attempt', place, argument)) === 'stored') return true;
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
    const reply = await runScript(this.#redis, 'webhook-replay', [record], {
      event: kind === 'batch' ? 'batch_ended' : 'job_ended',
      id,
      now: Date.now(),
      outbox: new ScriptParts(this.#keys).outbox,
    });
    return (reply as string[])[0] === 'replayed';
  }

  /** The hash of what the webhook is about, and the list of its tries. */
  #placeOf(kind: ToldOf, id: string): [string, string] {
    const keys = this.#keys;
    return kind === 'batch'
      ? [keys.batches.record(id), keys.batches.webhookAttempts(id)]
      : [keys.requests.record(id), keys.requests.webhookAttempts(id)];
  }

  /** The connection stays open: it is the caller's. */
  async close(): Promise<void> {
    await this.#queue.close();
  }
}
