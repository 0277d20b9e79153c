/** Work that is done one after the other, in the order in which it was asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` once all before it has ended. One that is aborted while it waits is never run, and fails at once.
   * @throws what `work` throws; the signal's reason
   */
  take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const turn = this.#last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last = turn.catch(() => {});
    return Promise.race([turn, aborted(signal, turn)]);
  }

  /** When all that was asked for so far has ended. */
  async end(): Promise<void> {
    await this.#last;
  }
}

/** Fails when the signal fires before `turn` settles, and leaves nothing on the signal afterwards. */
function aborted(signal: AbortSignal, turn: Promise<unknown>): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const done = () => signal.removeEventListener('abort', abort);
    turn.then(done, done);
    if (signal.aborted) abort();
  });
}
