/**
 * Notices an engine that hangs: it has calls to answer, and none of them has shown a sign of life (progress, a segment,
 * an end) within the timeout. A sign counts for all calls of an engine, since it works on their windows in turn. A hung
 * engine cannot be helped from inside, so `onSilence` ends the process, and its jobs go to other workers.
 */
export class EngineWatch {
  readonly #timeoutMs: number;
  readonly #onSilence: (silentMs: number) => void;
  readonly #atWork = new Map<object, { calls: number; lastSignMs: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number, onSilence: (silentMs: number) => void) {
    this.#timeoutMs = timeoutMs;
    this.#onSilence = onSilence;
    this.#timer = setInterval(() => this.#look(), Math.max(10, timeoutMs / 10));
    this.#timer.unref();
  }

  /** Watches one call of `engine`; `sign` reports a sign of life. */
  async during<T>(engine: object, call: (sign: () => void) => Promise<T>): Promise<T> {
    const work = this.#atWork.get(engine) ?? { calls: 0, lastSignMs: performance.now() };
    this.#atWork.set(engine, work);
    const sign = () => {
      work.lastSignMs = performance.now();
    };
    work.calls++;
    try {
      return await call(sign);
    } finally {
      sign();
      work.calls--;
      if (work.calls === 0) this.#atWork.delete(engine);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const { lastSignMs } of this.#atWork.values()) {
      const silentMs = performance.now() - lastSignMs;
      if (silentMs > this.#timeoutMs) this.#onSilence(silentMs);
    }
  }
}
