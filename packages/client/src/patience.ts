import { SottoError } from '#wire';
import { ConnectionError, UnexpectedAnswerError } from './errors.ts';

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 10_000;

/** Trying again over a broken line, each time after a longer pause, until nothing has gone on for too long. */
export class Patience {
  readonly #patienceMs: number;
  #delayMs = FIRST_DELAY_MS;
  #quietSinceMs = performance.now();

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Something came through. */
  restart(): void {
    this.#delayMs = FIRST_DELAY_MS;
    this.#quietSinceMs = performance.now();
  }

  /** Resolves when it is time to try again; rejects with `failure` when it has been for too long, or the signal's reason. */
  async again(failure: Error, signal: AbortSignal | undefined): Promise<void> {
    if (performance.now() - this.#quietSinceMs > this.#patienceMs) throw failure;
    const wantedMs = failure instanceof SottoError ? (failure.retryAfterSeconds ?? 0) * 1000 : 0;
    await pause(Math.max(this.#delayMs, wantedMs), signal);
    this.#delayMs = Math.min(this.#delayMs * 2, MAX_DELAY_MS);
  }
}

/** The error itself when trying again may help; anything else is thrown on. */
export function retryable(error: unknown): Error {
  if (error instanceof ConnectionError) return error;
  if (error instanceof SottoError && error.status >= 500) return error;
  if (error instanceof SottoError && error.code === 'rate_limit_exceeded') return error;
  // Proxies answer for a service that restarts.
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
