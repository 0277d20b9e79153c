import { type WebhookAttempt, webhookAttemptSchema } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { type DeliverWebhookPayload, JOB_CATALOG } from '../catalog/jobs.ts';
import { replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { FailFastQueue, jobOptions, packPayload } from '../redis/queues.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { webhookJobId } from './webhook-subject.ts';

/** What a webhook is about, if its attempts are kept. */
export type WebhookOwner = 'request' | 'batch';

export interface WebhookHistory {
  /** Deliveries asked for: the one at the job's end, and replays. */
  deliveries: number;
  /** The newest 100, oldest first. */
  attempts: WebhookAttempt[];
}

const ATTEMPTS_KEPT = 100;
const SENT_WINDOW_MS = 60_000;
/** BullMQ's lowest. */
const MAX_PRIORITY = 2_097_151;

/**
 * Webhooks of jobs, batches and quotas. The outbox consumer `webhooks` queues them, under an id made from their
 * subject, so that a webhook that is queued twice is delivered once.
 */
export class Webhooks {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #queue: FailFastQueue;

  constructor(redis: Redis, settings: QueueSettings, onError: (error: Error) => void = () => {}) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#queue = new FailFastQueue(redis, settings.prefix, 'webhooks', onError);
  }

  /**
   * `retryDelayMs`: before the second attempt; doubles with each further one. A receiver's n-th delivery of a minute waits
   * behind n of any other, so that those to one that is sent many do not keep the others waiting.
   */
  async enqueue(payload: DeliverWebhookPayload, retryDelayMs: number): Promise<void> {
    const kind = 'deliver-webhook';
    const priority = Math.min(MAX_PRIORITY, await this.#countSent(payload));
    await this.#queue.use((queue) =>
      queue.add(kind, packPayload(kind, payload), {
        ...jobOptions(kind),
        priority,
        backoff: { ...JOB_CATALOG[kind].backoff, delay: retryDelayMs },
        jobId: webhookJobId(payload.subject, payload.delivery),
      }),
    );
  }

  /** Deliveries to this receiver in the minute that began with the first of them, with this one. */
  async #countSent({ keyId, url }: DeliverWebhookPayload): Promise<number> {
    const key = this.#keys.outbox.receiverSent(keyId, new URL(url).host);
    const [, sent] = await replies(this.#redis.multi().set(key, 0, 'PX', SENT_WINDOW_MS, 'NX').incr(key));
    return Number(sent);
  }

  /** Records an attempt. false: its request or batch is gone, or it is about neither. */
  async record(subject: string, attempt: WebhookAttempt): Promise<boolean> {
    for (const kind of ['request', 'batch'] as const) {
      const own = this.#keysOf(kind, subject);
      const argument = { attempt: JSON.stringify(attempt), kept: ATTEMPTS_KEPT };
      if ((await runScript(this.#redis, 'webhook-attempt', own, argument)) === 'stored') return true;
    }
    return false;
  }

  async history(kind: WebhookOwner, id: string): Promise<WebhookHistory> {
    const [record, attemptList] = this.#keysOf(kind, id);
    const [replays, attempts] = await replies(
      this.#redis.pipeline().hget(record, 'webhookReplays').lrange(attemptList, 0, -1),
    );
    return {
      deliveries: Number(replays ?? 0) + 1,
      attempts: (attempts as string[]).map((json) => webhookAttemptSchema.parse(JSON.parse(json))),
    };
  }

  /** Delivers the webhook once more, with the same id. false: there is none. */
  async replay(kind: WebhookOwner, id: string): Promise<boolean> {
    const [record] = this.#keysOf(kind, id);
    const reply = await runScript(this.#redis, 'webhook-replay', [record], {
      event: kind === 'batch' ? 'batch_ended' : 'job_ended',
      id,
      now: Date.now(),
      outbox: new ScriptParts(this.#keys).outbox,
    });
    return (reply as string[])[0] === 'replayed';
  }

  /** Keys of the record that the webhook is about, and of the list of its attempts. */
  #keysOf(kind: WebhookOwner, id: string): [string, string] {
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
