/** Outcome of one attempt to deliver a webhook. `retrying`: there will be another. */
export const WEBHOOK_OUTCOMES = ['delivered', 'retrying', 'given_up'] as const;
export type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number];
