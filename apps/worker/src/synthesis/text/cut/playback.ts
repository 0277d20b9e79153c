/** Engines are slower at times than they were measured. */
const SAFETY = 0.8;

/** What a listener has still to hear while the next piece is spoken, as it will be if the engine keeps its measured speed. */
export class Playback {
  readonly #rtfx: number;
  #queuedSeconds = 0;

  constructor(rtfx: number) {
    this.#rtfx = Number.isNaN(rtfx) ? 1 : Math.max(0.1, rtfx);
  }

  /** How long the next piece may be, to be spoken before the listener has heard all others. */
  budgetSeconds(): number {
    return this.#queuedSeconds === 0 ? 0 : this.#queuedSeconds * this.#rtfx * SAFETY;
  }

  /** A piece is spoken and queued; meanwhile, the listener hears what was queued before it. */
  queue(seconds: number): void {
    this.#queuedSeconds = Math.max(0, this.#queuedSeconds - seconds / this.#rtfx) + seconds;
  }

  pause(ms: number): void {
    this.#queuedSeconds += ms / 1000;
  }
}
