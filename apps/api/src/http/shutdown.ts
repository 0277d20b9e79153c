/** The end of the process, as requests see it: running -> stopping (grace left) -> stopping (no grace left). */
export class Shutdown {
  /** Aborts when the process begins to stop. */
  readonly signal: AbortSignal;
  readonly #graceMs: number;
  #beganMs: number | null = null;

  constructor(signal: AbortSignal, graceMs: number) {
    this.signal = signal;
    this.#graceMs = graceMs;
    if (signal.aborted) this.#begin();
    else signal.addEventListener('abort', () => this.#begin(), { once: true });
  }

  #begin(): void {
    this.#beganMs = performance.now();
  }

  /** How long a request in flight may still take; all of the grace before the stop. */
  graceLeftMs(): number {
    if (this.#beganMs === null) return this.#graceMs;
    return Math.max(0, this.#graceMs - (performance.now() - this.#beganMs));
  }
}
