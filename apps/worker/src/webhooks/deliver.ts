import type { WebhookAttempt } from '@sotto/contracts';
import {
  type ApiKeys,
  type CallOutcome,
  type DeliverWebhookPayload,
  type Handlers,
  JOB_CATALOG,
  Postponed,
  type Receivers,
  type Webhooks,
  webhookIdOf,
} from '@sotto/queue';
import { type AddressGuard, guardedRequest, RefusedAddress } from '@sotto/runtime';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import { outcomeOf } from './outcome.ts';
import { signedHeaders } from './signature.ts';

export interface DeliverDeps {
  webhooks: Pick<Webhooks, 'record'>;
  receivers: Receivers;
  guard: AddressGuard;
  apiKeys: Pick<ApiKeys, 'webhookSecrets'>;
  // Both are asked for each attempt: they may change while the process runs.
  /** Signs for keys without a secret of their own. null: WEBHOOK_SECRET is not set in this process. */
  secret: () => string | null;
  timeoutMs: () => number;
  onEvent: OnWorkerEvent;
}

/** Redirects that are followed; each address is checked like the first. */
const MAX_REDIRECTS = 3;

/** How long a delivery waits when enough calls of its receiver are under way. */
const BUSY = { firstMs: 100, maxMs: 5_000 };
/** A receiver that answers within this time may be called more often at once. */
const QUICK_MS = 1_000;

/**
 * Calls a client's address once and records how it went; throws when it is to be tried again. A receiver that does not
 * answer is left alone for a while: its deliveries then count an attempt without calling it, so that they end.
 */
export function deliverWebhookHandler(deps: DeliverDeps): Handlers['deliver-webhook'] {
  return async (payload, { attempt, signal }) => {
    const startedAtMs = Date.now();
    const { status, error, mayRetry } = await callIfOpen(payload, deps, signal);
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
  /** The receiver was called in vain. */
  isUnanswered?: boolean;
}

/** @throws Postponed when enough calls of the receiver are under way. */
async function callIfOpen(payload: DeliverWebhookPayload, deps: DeliverDeps, signal: AbortSignal): Promise<Called> {
  const { host } = new URL(payload.url);
  const entry = await deps.receivers.enter(payload.keyId, host);
  if (entry.state === 'busy') throw new Postponed(`enough calls of ${host} are under way`, BUSY);
  if (entry.state === 'closed') {
    const error = `not called: its host has not answered ${entry.failuresInARow} times in a row`;
    return { status: null, error, mayRetry: true };
  }
  const startedMs = performance.now();
  let outcome: CallOutcome = 'unknown';
  try {
    const called = await call(payload, deps, signal);
    outcome = outcomeOfCall(called, performance.now() - startedMs);
    return called;
  } finally {
    await entry.call.leave(outcome);
  }
}

/** Any status is an answer. What was never sent says nothing about the receiver. */
function outcomeOfCall({ status, isUnanswered }: Called, tookMs: number): CallOutcome {
  if (status !== null) return tookMs < QUICK_MS ? 'quick' : 'slow';
  return isUnanswered === true ? 'failed' : 'unknown';
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
      signal: AbortSignal.any([signal, AbortSignal.timeout(deps.timeoutMs())]),
    });
    // Only the status matters; the body is not read.
    response.destroy();
    return { status: response.statusCode ?? null, error: null, mayRetry: true };
  } catch (error) {
    signal.throwIfAborted();
    const isUnanswered = !(error instanceof RefusedAddress);
    return { status: null, error: describe(error, deps.timeoutMs()), mayRetry: isUnanswered, isUnanswered };
  }
}

/** Looked up for each attempt: a rotated secret applies to what is still to be delivered. */
async function secretsFor({ keyId }: DeliverWebhookPayload, { apiKeys, secret }: DeliverDeps): Promise<string[]> {
  const own = keyId === null ? [] : await apiKeys.webhookSecrets(keyId);
  if (own.length > 0) return own;
  const common = secret();
  return common === null ? [] : [common];
}

/** For the client: what went wrong, without addresses of networks that it cannot see. */
function describe(error: unknown, timeoutMs: number): string {
  if (error instanceof RefusedAddress) return `refused: the address ${error.message}`;
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return `no connection: ${code}`;
}
