const MAX_DOUBLINGS = 10;

/** Thrown by a handler whose turn has not come. The job waits and is taken again, without counting an attempt. */
export class Postponed extends Error {
  override readonly name = 'Postponed';
  readonly #firstMs: number;
  readonly #maxMs: number;

  /** `firstMs`: about how long it waits the first time; doubles each time, up to `maxMs`. */
  constructor(message: string, { firstMs, maxMs }: { firstMs: number; maxMs: number }) {
    super(message);
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
  }

  /** `times`: how often the job has waited before. Half of it is chance, so that many jobs do not return together. */
  delayMs(times: number): number {
    const fullMs = Math.min(this.#maxMs, this.#firstMs * 2 ** Math.min(times, MAX_DOUBLINGS));
    return Math.round(fullMs * (0.5 + Math.random() / 2));
  }
}
