/**
 * A measured value that may be a little old: many requests a second share one measurement. The first caller waits for
 * it; later ones get the last value at once while a new one is taken. A failed measurement is forgotten, so that the
 * next caller measures again.
 */
export class Sampled<T> {
  readonly #maxAgeMs: number;
  readonly #measure: () => Promise<T>;
  readonly #nowMs: () => number;
  #last: { value: T; atMs: number } | null = null;
  #measuring: Promise<T> | null = null;

  constructor(maxAgeMs: number, measure: () => Promise<T>, nowMs = () => performance.now()) {
    this.#maxAgeMs = maxAgeMs;
    this.#measure = measure;
    this.#nowMs = nowMs;
  }

  /** @param mayBeOld Whether this value may be given while a new one is taken: none that is bad news. */
  async value(mayBeOld: (value: T) => boolean = () => true): Promise<T> {
    const ageMs = this.#last === null ? Number.POSITIVE_INFINITY : this.#nowMs() - this.#last.atMs;
    if (this.#last !== null && ageMs <= this.#maxAgeMs) return this.#last.value;
    // Far too old, as nobody asked for a while: worth waiting for a fresh one.
    if (this.#last === null || ageMs > 5 * this.#maxAgeMs || !mayBeOld(this.#last.value)) return this.fresh();
    this.fresh().catch(() => {});
    return this.#last.value;
  }

  fresh(): Promise<T> {
    this.#measuring ??= this.#take().finally(() => {
      this.#measuring = null;
    });
    return this.#measuring;
  }

  async #take(): Promise<T> {
    try {
      const value = await this.#measure();
      this.#last = { value, atMs: this.#nowMs() };
      return value;
    } catch (error) {
      this.#last = null;
      throw error;
    }
  }
}
