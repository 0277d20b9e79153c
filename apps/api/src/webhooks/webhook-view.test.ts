import { describe, expect, it } from '@jest/globals';
import type { WebhookAttempt } from '@sotto/contracts';
import type { RequestView } from '@sotto/queue';
import { webhookView } from './webhook-view.ts';

const id = '00000000-0000-4000-8000-000000000000';

function viewOf(status: string, webhookUrl?: string): RequestView {
  return { request: { id, delivery: { webhookUrl } }, run: { status }, position: null } as unknown as RequestView;
}

const tried = (delivery: number, attempt: number, outcome: WebhookAttempt['outcome']): WebhookAttempt => ({
  delivery,
  attempt,
  outcome,
  startedAtMs: 0,
  tookMs: 1500,
  status: 500,
  error: null,
});

const stateOf = (view: RequestView, deliveries: number, ...attempts: WebhookAttempt[]) =>
  webhookView(view, { deliveries, attempts }).state;

describe('webhookView', () => {
  it('tells how the newest delivery stands', () => {
    const ended = viewOf('completed', 'https://example.org/');
    expect(stateOf(viewOf('completed'), 1)).toBe('none');
    expect(stateOf(viewOf('processing', 'https://example.org/'), 1)).toBe('waiting');
    expect(stateOf(ended, 1)).toBe('pending');
    expect(stateOf(ended, 1, tried(1, 1, 'retrying'))).toBe('pending');
    expect(stateOf(ended, 1, tried(1, 1, 'retrying'), tried(1, 2, 'delivered'))).toBe('delivered');
    expect(stateOf(ended, 1, tried(1, 10, 'given_up'))).toBe('failed');
    expect(stateOf(ended, 2, tried(1, 1, 'delivered'))).toBe('pending');
    expect(stateOf(ended, 2, tried(2, 1, 'delivered'), tried(1, 10, 'given_up'))).toBe('delivered');
  });

  it('gives times in seconds and dates in ISO 8601', () => {
    const view = webhookView(viewOf('failed', 'https://example.org/'), {
      deliveries: 1,
      attempts: [tried(1, 1, 'retrying')],
    });
    expect(view).toMatchObject({ job_id: id, url: 'https://example.org/', webhook_id: `msg_${id}` });
    expect(view.attempts).toMatchObject([{ took: 1.5, started_at: '1970-01-01T00:00:00.000Z', status: 500 }]);
  });
});
