import { once } from 'node:events';

/** A pause shorter than this is not worth a timer. */
const SHORTEST_REST_MS = 20;

/**
 * Work that somebody waits for gets the processors first: while there is any, long decodings of this process pause, for
 * at most half of their time, so that a steady stream of clips cannot keep a recording from being finished.
 */
export class RightOfWay {
  #ahead = 0;
  readonly #clear = new EventTarget();

  /** `work` goes first until it is over. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#ahead += 1;
    try {
      return await work();
    } finally {
      this.#ahead -= 1;
      if (this.#ahead === 0) this.#clear.dispatchEvent(new Event('clear'));
    }
  }

  /**
   * For one long piece of work, which calls it again and again: resolves when it may go on. Rejects when `signal`
   * aborts.
   */
  yielding(): (signal: AbortSignal) => Promise<void> {
    const startedMs = performance.now();
    let restedMs = 0;
    return async (signal) => {
      const beganMs = performance.now();
      const longestMs = beganMs - startedMs - 2 * restedMs;
      if (this.#ahead === 0 || longestMs < SHORTEST_REST_MS) return;
      await this.#untilClear(longestMs, signal);
      restedMs += performance.now() - beganMs;
    };
  }

  async #untilClear(longestMs: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), longestMs);
    try {
      await once(this.#clear, 'clear', { signal: AbortSignal.any([signal, over.signal]) });
    } catch (error) {
      signal.throwIfAborted();
      if (!over.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
