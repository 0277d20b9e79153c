import type { WebhookAttempt } from '@sotto/contracts';
import {
  type ApiKeys,
  type DeliverWebhookPayload,
  type Handlers,
  JOB_CATALOG,
  type Webhooks,
  webhookIdOf,
} from '@sotto/queue';
import { type AddressGuard, guardedRequest, RefusedAddress } from '@sotto/runtime';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import { outcomeOf } from './outcome.ts';
import { signedHeaders } from './signature.ts';

export interface DeliverDeps {
  webhooks: Webhooks;
  guard: AddressGuard;
  apiKeys: Pick<ApiKeys, 'webhookSecrets'>;
  /** Signs for keys without a secret of their own. null: WEBHOOK_SECRET is not set in this process. */
  secret: string | null;
  timeoutMs: number;
  onEvent: OnWorkerEvent;
}

/** Redirects that are followed; each address is checked like the first. */
const MAX_REDIRECTS = 3;

/** Calls a client's address once and records how it went; throws when it is to be tried again. */
export function deliverWebhookHandler(deps: DeliverDeps): Handlers['deliver-webhook'] {
  return async (payload, { attempt, signal }) => {
    const startedAtMs = Date.now();
    const { status, error, mayRetry } = await call(payload, deps, signal);
    const isLast = !mayRetry || attempt >= JOB_CATALOG['deliver-webhook'].attempts;
    const outcome = outcomeOf(status, isLast);
    const took: WebhookAttempt = {
      delivery: payload.delivery,
      attempt,
      startedAtMs,
      tookMs: Date.now() - startedAtMs,
      outcome,
      status,
      error,
    };
    await deps.webhooks.record(payload.subject, took);
    deps.onEvent({ type: 'webhook', subject: payload.subject, ...took });
    if (outcome === 'retrying') throw new Error(`the webhook was not accepted: ${error ?? `it answered ${status}`}`);
  };
}

interface Called {
  /** null: no answer. */
  status: number | null;
  error: string | null;
  mayRetry: boolean;
}

async function call(payload: DeliverWebhookPayload, deps: DeliverDeps, signal: AbortSignal): Promise<Called> {
  const secrets = await secretsFor(payload, deps);
  if (secrets.length === 0) return { status: null, error: 'WEBHOOK_SECRET is not set', mayRetry: true };
  const { url, body } = payload;
  const id = webhookIdOf(payload.subject);
  const headers = signedHeaders({ id, timestampSeconds: Math.floor(Date.now() / 1000), body }, secrets);
  try {
    const response = await guardedRequest(new URL(url), {
      guard: deps.guard,
      method: 'POST',
      body,
      maxRedirects: MAX_REDIRECTS,
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(deps.timeoutMs)]),
    });
    // Only the status matters; the body is not read.
    response.destroy();
    return { status: response.statusCode ?? null, error: null, mayRetry: true };
  } catch (error) {
    signal.throwIfAborted();
    return { status: null, error: describe(error, deps.timeoutMs), mayRetry: !(error instanceof RefusedAddress) };
  }
}

/** Looked up for each attempt: a rotated secret applies to what is still to be delivered. */
async function secretsFor({ keyId }: DeliverWebhookPayload, { apiKeys, secret }: DeliverDeps): Promise<string[]> {
  const own = keyId === null ? [] : await apiKeys.webhookSecrets(keyId);
  if (own.length > 0) return own;
  return secret === null ? [] : [secret];
}

/** For the client: what went wrong, without addresses of networks that it cannot see. */
function describe(error: unknown, timeoutMs: number): string {
  if (error instanceof RefusedAddress) return `refused: the address ${error.message}`;
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return `no connection: ${code}`;
}
