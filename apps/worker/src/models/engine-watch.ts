/**
 * Notices an engine that has stopped answering: some call to it has given no sign (progress, a segment, an end) for too
 * long. Nothing can be done about it from inside, so `onSilence` ends the process; its jobs go to other workers.
 */
export class EngineWatch {
  readonly #patienceMs: number;
  readonly #onSilence: (silentMs: number) => void;
  readonly #lastSigns = new Map<symbol, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(patienceMs: number, onSilence: (silentMs: number) => void) {
    this.#patienceMs = patienceMs;
    this.#onSilence = onSilence;
    this.#timer = setInterval(() => this.#look(), Math.max(10, patienceMs / 10));
    this.#timer.unref();
  }

  /** Watches one call; `sign` tells that it is alive. */
  async during<T>(call: (sign: () => void) => Promise<T>): Promise<T> {
    const id = Symbol('call');
    const sign = () => this.#lastSigns.set(id, performance.now());
    sign();
    try {
      return await call(sign);
    } finally {
      this.#lastSigns.delete(id);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const silentMs = performance.now() - Math.min(...this.#lastSigns.values());
    if (this.#lastSigns.size > 0 && silentMs > this.#patienceMs) this.#onSilence(silentMs);
  }
}
