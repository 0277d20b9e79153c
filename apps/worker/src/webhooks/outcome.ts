import type { WebhookOutcome } from '@sotto/contracts';

/** A receiver's mistakes and refusals, but for those that say "later". */
const LATER = [408, 409, 429];

/** What an answer means; null: none came. Redirects that cannot be followed are tried again like a failing server. */
export function outcomeOf(status: number | null, isLastAttempt: boolean): WebhookOutcome {
  if (status !== null && status >= 200 && status < 300) return 'delivered';
  const isFinal = status !== null && status >= 400 && status < 500 && !LATER.includes(status);
  return isFinal || isLastAttempt ? 'given_up' : 'retrying';
}
