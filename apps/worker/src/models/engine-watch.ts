/**
 * Notices an engine that has stopped answering: it has calls, and none of them has given a sign (progress, a segment, an
 * end) for too long. Signs count for all calls of an engine, since it works on their windows in turn. Nothing can be done
 * about it from inside, so `onSilence` ends the process; its jobs go to other workers.
 */
export class EngineWatch {
  readonly #patienceMs: number;
  readonly #onSilence: (silentMs: number) => void;
  readonly #atWork = new Map<object, { calls: number; lastSignMs: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(patienceMs: number, onSilence: (silentMs: number) => void) {
    this.#patienceMs = patienceMs;
    this.#onSilence = onSilence;
    this.#timer = setInterval(() => this.#look(), Math.max(10, patienceMs / 10));
    this.#timer.unref();
  }

  /** Watches one call of `engine`; `sign` tells that it is alive. */
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
      if (silentMs > this.#patienceMs) this.#onSilence(silentMs);
    }
  }
}
