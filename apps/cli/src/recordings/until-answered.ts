/** For the name of what is to be cancelled: a service that takes longer is not waited for. */
const ANSWER_WAIT_MS = 5_000;

export interface UntilAnswered {
  /** For the request. */
  signal: AbortSignal;
  /** The last byte has left. */
  allSent(): void;
  release(): void;
}

/**
 * The signal of a request that makes a job or a batch. An interrupt aborts it at once; but when the last byte has left,
 * what was asked for may exist, and the answer is waited for: without its id nobody could cancel it.
 */
export function untilAnswered(interrupt: AbortSignal): UntilAnswered {
  const request = new AbortController();
  let isSent = false;
  const stop = (): void => {
    const abort = () => request.abort(interrupt.reason);
    if (isSent) setTimeout(abort, ANSWER_WAIT_MS).unref();
    else abort();
  };
  interrupt.throwIfAborted();
  interrupt.addEventListener('abort', stop);
  return {
    signal: request.signal,
    allSent: () => {
      isSent = true;
    },
    release: () => interrupt.removeEventListener('abort', stop),
  };
}
