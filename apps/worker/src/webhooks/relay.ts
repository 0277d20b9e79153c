import type {
  ApiKeys,
  Batches,
  DeliverWebhookPayload,
  DueWebhook,
  QuotaEvent,
  Runs,
  Usage,
  Webhooks,
} from '@sotto/queue';
import { batchWebhook } from './batch-event.ts';
import { quotaEventBody, webhookEvent } from './event.ts';

export interface RelayDeps {
  runs: Pick<Runs, 'view'>;
  webhooks: Webhooks;
  batches: Batches;
  usage: Pick<Usage, 'quotaEvent'>;
  apiKeys: Pick<ApiKeys, 'find'>;
  onQuota(event: QuotaEvent): void;
  /** Before the second try of a delivery. */
  retryDelayMs: number;
  onError(error: unknown): void;
}

type Message = Pick<DeliverWebhookPayload, 'url' | 'body' | 'keyId'>;

const PAGE = 100;

/**
 * Moves webhooks of ended jobs and of quotas from the outbox into their queue. Every worker does it when one comes, and the sweep
 * for those whose worker died; more than one at a time is harmless.
 */
export class WebhookRelay {
  readonly #deps: RelayDeps;
  #atWork: Promise<void> | null = null;
  #isWanted = false;

  constructor(deps: RelayDeps) {
    this.#deps = deps;
  }

  /** Something has come. One that comes while the outbox is being read is not missed. */
  wake(): void {
    this.#isWanted = true;
    this.#atWork ??= this.#drain()
      .catch((error: unknown) => this.#deps.onError(error))
      .finally(() => {
        this.#atWork = null;
        if (this.#isWanted) this.wake();
      });
  }

  /** Resolves when nothing is being moved. */
  async idle(): Promise<void> {
    while (this.#atWork !== null) await this.#atWork;
  }

  async #drain(): Promise<void> {
    this.#isWanted = false;
    for (;;) {
      const due = await this.#deps.webhooks.due(PAGE);
      await Promise.all(due.map((webhook) => this.#move(webhook)));
      if (due.length < PAGE) return;
    }
  }

  async #move(due: DueWebhook): Promise<void> {
    const { webhooks, retryDelayMs } = this.#deps;
    const message = due.subject.startsWith('quota.')
      ? await this.#quotaMessage(due.subject)
      : await this.#jobMessage(due.subject);
    if (message === null) await webhooks.drop(due);
    else await webhooks.enqueue({ ...due, ...message }, retryDelayMs);
  }

  /** null: a request that was deleted meanwhile wants no webhook any more. */
  async #jobMessage(requestId: string): Promise<Message | null> {
    const { runs, batches } = this.#deps;
    const view = await runs.view(requestId);
    if (view === null) return this.#batchMessage(requestId);
    if (view === 'expired' || view.run.status === 'processing') return null;
    const { keyId, delivery } = view.request;
    if (delivery.batchId !== undefined) await batches.settle(delivery.batchId, view.request.id, view.run.status);
    if (delivery.webhookUrl === undefined) return null;
    return { url: delivery.webhookUrl, keyId, body: JSON.stringify(webhookEvent(view, view.run.status)) };
  }

  /** null: its key has no address, or is not there any more. */
  async #quotaMessage(subject: string): Promise<Message | null> {
    const { usage, apiKeys, onQuota } = this.#deps;
    const event = await usage.quotaEvent(subject);
    if (event === null) return null;
    onQuota(event);
    const key = await apiKeys.find(event.keyId);
    if (key === null || key.webhookUrl === null) return null;
    return { url: key.webhookUrl, keyId: key.id, body: JSON.stringify(quotaEventBody(event, key.name)) };
  }

  async #batchMessage(batchId: string): Promise<Message | null> {
    const view = await this.#deps.batches.view(batchId);
    const webhook = view === null ? null : batchWebhook(view);
    return view === null || webhook === null ? null : { ...webhook, keyId: view.batch.keyId };
  }
}
