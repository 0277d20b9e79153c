import { SottoError } from '@sotto/contracts';
import type { RequestView, Webhooks } from '@sotto/queue';

/** Delivers the webhook of a job once more. @throws SottoError `no_webhook`, `job_not_finished` */
export async function replayWebhook({ request, run }: RequestView, webhooks: Webhooks): Promise<void> {
  if (request.delivery.webhookUrl === undefined) throw new SottoError('no_webhook', 'The request had no webhook_url.');
  if (run.status === 'processing') {
    throw new SottoError('job_not_finished', 'The webhook is delivered when the work has finished.', {
      retryAfterSeconds: 1,
    });
  }
  await webhooks.replay('request', request.id);
}
