/** How many of the last windows count. */
const WINDOWS = 20;

/** RTFx of the last windows: seconds of audio per second of the engine's wall time. */
export class Speed {
  #windows: { audioMs: number; engineMs: number }[] = [];

  add(audioMs: number, engineMs: number): void {
    this.#windows = [...this.#windows, { audioMs, engineMs }].slice(-WINDOWS);
  }

  /** null before the first window. */
  get rtfx(): number | null {
    const engineMs = this.#windows.reduce((sum, window) => sum + window.engineMs, 0);
    if (engineMs === 0) return null;
    return this.#windows.reduce((sum, window) => sum + window.audioMs, 0) / engineMs;
  }
}
