/** What a process is fed with: where that fails, it is no failure of the process. */
export class Feed<T> implements AsyncIterable<T> {
  readonly #source: AsyncIterable<T>;
  #failure: { reason: unknown } | null = null;

  constructor(source: AsyncIterable<T>) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    const source = this.#source[Symbol.asyncIterator]();
    try {
      for (let next = await this.#next(source); next.done !== true; next = await this.#next(source)) yield next.value;
    } finally {
      await source.return?.();
    }
  }

  /** @throws what the source threw */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.reason;
  }

  /** What goes wrong here is the source's fault; what is thrown into the generator, that of who reads it. */
  async #next(source: AsyncIterator<T>): Promise<IteratorResult<T>> {
    try {
      return await source.next();
    } catch (reason) {
      this.#failure = { reason };
      throw reason;
    }
  }
}
