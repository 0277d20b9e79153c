import type { WebhookOutcome } from '@sotto/contracts';

/** Client errors, except those that mean "try later". */
const LATER = [408, 409, 429];

/** What a status means; null: there was no answer. Redirects that cannot be followed are retried like server errors. */
export function outcomeOf(status: number | null, isLastAttempt: boolean): WebhookOutcome {
  if (status !== null && status >= 200 && status < 300) return 'delivered';
  const isFinal = status !== null && status >= 400 && status < 500 && !LATER.includes(status);
  return isFinal || isLastAttempt ? 'given_up' : 'retrying';
}
