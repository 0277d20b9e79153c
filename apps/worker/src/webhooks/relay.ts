import type { DueWebhook, Runs, Webhooks } from '@sotto/queue';
import { webhookEvent } from './event.ts';

export interface RelayDeps {
  runs: Runs;
  webhooks: Webhooks;
  /** Before the second try of a delivery. */
  retryDelayMs: number;
  onError(error: unknown): void;
}

const PAGE = 100;

/**
 * Moves webhooks of ended jobs from the outbox into their queue. Every worker does it when one comes, and the sweep
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

  /** A request that was deleted meanwhile wants no webhook any more. */
  async #move(due: DueWebhook): Promise<void> {
    const { runs, webhooks, retryDelayMs } = this.#deps;
    const view = await runs.view(due.requestId);
    const url = view === null || view === 'expired' ? undefined : view.request.delivery.webhookUrl;
    if (view === null || view === 'expired' || url === undefined || view.run.status === 'processing') {
      await webhooks.drop(due);
      return;
    }
    const body = JSON.stringify(webhookEvent(view, view.run.status, Date.now()));
    await webhooks.enqueue({ ...due, url, body }, retryDelayMs);
  }
}
