import { ConnectionError, SottoError } from '@sotto/client';

const AGAIN_MS = 3_000;

/** Trying again helps: nothing answers, or the service cannot take it at the moment. */
export function isAway(error: unknown): boolean {
  return (
    error instanceof ConnectionError || (error instanceof SottoError && (error.status === 429 || error.status >= 500))
  );
}

/** How long to wait before. */
export function waitMs(error: unknown): number {
  const seconds = error instanceof SottoError ? error.retryAfterSeconds : undefined;
  return seconds === undefined ? AGAIN_MS : Math.max(AGAIN_MS, seconds * 1000);
}
