import { SottoError } from '#wire';
import { ConnectionError, UnexpectedAnswerError } from './errors.ts';

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 10_000;

/** Trying again after a failure, each time after a longer pause, until nothing has come through for too long. */
export class Backoff {
  readonly #giveUpAfterMs: number;
  #delayMs = FIRST_DELAY_MS;
  #quietSinceMs = performance.now();

  constructor(giveUpAfterMs: number) {
    this.#giveUpAfterMs = giveUpAfterMs;
  }

  /** Something came through. */
  reset(): void {
    this.#delayMs = FIRST_DELAY_MS;
    this.#quietSinceMs = performance.now();
  }

  /** Resolves when it is time to try again; rejects with `failure` when it is time to give up, or with the signal's reason. */
  async wait(failure: Error, signal: AbortSignal | undefined): Promise<void> {
    if (performance.now() - this.#quietSinceMs > this.#giveUpAfterMs) throw failure;
    const wantedMs = failure instanceof SottoError ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
    await pause(Math.max(this.#delayMs, wantedMs), signal);
    this.#delayMs = Math.min(this.#delayMs * 2, MAX_DELAY_MS);
  }
}

/** The error itself when trying again may help; any other is thrown. */
export function retryable(error: unknown): Error {
  if (error instanceof ConnectionError) return error;
  if (error instanceof SottoError && error.status >= 500) return error;
  if (error instanceof SottoError && error.code === 'rate_limit_exceeded') return error;
  // A proxy answers like this while the service behind it restarts.
  if (error instanceof UnexpectedAnswerError && error.status >= 502) return error;
  throw error;
}

export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
