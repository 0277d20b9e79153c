import { setTimeout as delay } from 'node:timers/promises';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, ExponentialBackoff, handleWhen } from 'cockatiel';
import { failureOf } from './remote-answer.ts';
import { RemoteFailure } from './remote-failure.ts';

/** What a service may be asked for until its budget is used up, shared by all processes that ask. */
export interface RemoteBudget {
  /** @throws RemoteFailure `spent`; what its store throws */
  take(amount: number): Promise<void>;
  /** The service was asked in vain. */
  giveBack(amount: number): Promise<void>;
}

export const BREAKER_STATES = ['closed', 'half_open', 'open'] as const;
/** `closed`: calls go out. `open`: they fail at once. `half_open`: one goes out, and decides. */
export type BreakerState = (typeof BREAKER_STATES)[number];

export interface RemoteServiceOptions {
  /** Of one try, until its answer has been read. */
  timeoutMs: number;
  budget?: RemoteBudget | undefined;
  /** Before the second try where the server does not say how long; doubles. Default 500. */
  firstWaitMs?: number | undefined;
  /** From the first opening of the breaker to the first probe; doubles, up to two minutes. Default 5000. */
  firstPauseMs?: number | undefined;
  /** The breaker is in another state; `failure`: what opened it. */
  onState?: ((state: BreakerState, failure: RemoteFailure | null) => void) | undefined;
}

export interface RemoteCall<T> {
  url: URL;
  init: Omit<RequestInit, 'signal' | 'redirect'>;
  /** Of the budget. */
  amount: number;
  /** Reads an answer that says success. @throws RemoteFailure `broken` */
  read(response: Response): Promise<T>;
}

const TRIES = 3;
/** A server that wants more time than this gets it from whoever asked. */
const LONGEST_WAIT_MS = 10_000;
const FAULTS_IN_A_ROW = 5;
const LONGEST_PAUSE_MS = 120_000;

/**
 * Calls another server that its operator has named: with a time limit, tries again after faults that may pass, as late as the server
 * wants (Retry-After), and not at all for a while after several faults in a row (circuit breaker, by cockatiel; its own way of trying
 * again would wait on when nobody wants the answer any more). Redirects are not followed: the address is as it was named.
 */
export class RemoteService {
  readonly #options: RemoteServiceOptions;
  readonly #breaker;
  #busyUntilMs = 0;
  #lastFault: RemoteFailure | null = null;

  constructor(options: RemoteServiceOptions) {
    this.#options = options;
    this.#breaker = circuitBreaker(
      // What is neither is a probe whose caller has left, which says nothing good of the server.
      handleWhen((error) => (error instanceof RemoteFailure ? error.isFault : this.state === 'half_open')),
      {
        breaker: new ConsecutiveBreaker(FAULTS_IN_A_ROW),
        halfOpenAfter: new ExponentialBackoff({
          initialDelay: options.firstPauseMs ?? 5_000,
          maxDelay: LONGEST_PAUSE_MS,
        }),
      },
    );
    this.#breaker.onStateChange(() => options.onState?.(this.state, this.#lastFault));
  }

  /** `open` until the first call after its pause. */
  get state(): BreakerState {
    if (this.#breaker.state === CircuitState.Closed) return 'closed';
    return this.#breaker.state === CircuitState.HalfOpen ? 'half_open' : 'open';
  }

  /** @throws RemoteFailure; the signal's reason; what the store of the budget throws */
  async call<T>(call: RemoteCall<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const { budget } = this.#options;
    await budget?.take(call.amount);
    let wasAnswered = false;
    const read = (response: Response) => {
      wasAnswered = true;
      return call.read(response);
    };
    try {
      return await this.#tries({ ...call, read }, signal);
    } finally {
      // An answer costs, whatever was wrong with it. A budget that cannot be told counts a little too much.
      if (!wasAnswered) await budget?.giveBack(call.amount).catch(() => {});
    }
  }

  async #tries<T>(call: RemoteCall<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#untilFree(signal);
        return await this.#guarded(call, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof RemoteFailure && error.isPassing) || attempt >= TRIES) throw error;
        const waitMs = error.retryAfterMs ?? (this.#options.firstWaitMs ?? 500) * 2 ** (attempt - 1);
        if (waitMs > LONGEST_WAIT_MS) throw error;
        await pause(waitMs, signal);
      }
    }
  }

  /** Whoever is told to wait tells all others of this process. */
  async #untilFree(signal: AbortSignal): Promise<void> {
    const leftMs = this.#busyUntilMs - Date.now();
    if (leftMs <= 0) return;
    if (leftMs > LONGEST_WAIT_MS) {
      throw new RemoteFailure('busy', 'The other server is busy.', { retryAfterMs: leftMs });
    }
    await pause(leftMs, signal);
  }

  async #guarded<T>(call: RemoteCall<T>, signal: AbortSignal): Promise<T> {
    // It would wait for the probe of somebody else, whatever becomes of whoever asks.
    if (this.state === 'half_open') throw paused();
    try {
      return await this.#breaker.execute(() => this.#once(call, signal));
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof RemoteFailure ? error : paused(error);
    }
  }

  async #once<T>({ url, init, read }: RemoteCall<T>, signal: AbortSignal): Promise<T> {
    const limit = AbortSignal.timeout(this.#options.timeoutMs);
    let response: Response | null = null;
    try {
      response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any([signal, limit]) });
      if (!response.ok) throw await failureOf(response);
      return await read(response);
    } catch (error) {
      signal.throwIfAborted();
      throw this.#noted(failureFrom(error, limit.aborted, response !== null));
    } finally {
      // What was not read is not wanted.
      if (response !== null && !response.bodyUsed) await response.body?.cancel().catch(() => {});
    }
  }

  #noted(failure: RemoteFailure): RemoteFailure {
    const { kind, retryAfterMs } = failure;
    if (kind === 'busy' && retryAfterMs !== null) {
      this.#busyUntilMs = Math.max(this.#busyUntilMs, Date.now() + retryAfterMs);
    }
    if (failure.isFault) this.#lastFault = failure;
    return failure;
  }
}

function failureFrom(error: unknown, isLate: boolean, hasAnswered: boolean): RemoteFailure {
  if (error instanceof RemoteFailure) return error;
  if (isLate) return new RemoteFailure('timeout', 'The other server took too long.', { cause: error });
  if (hasAnswered) return new RemoteFailure('broken', 'The other server broke off its answer.', { cause: error });
  return new RemoteFailure('unreachable', 'The other server cannot be reached.', { cause: error });
}

/** @throws the signal's reason */
async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  await delay(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
}

const paused = (cause?: unknown): RemoteFailure =>
  new RemoteFailure('paused', 'The other server has failed too often just now.', { cause });
