/** All sessions of a worker have had a pass within so long: no word waits for longer than about twice that. */
const ROUND_MS = 900;
/** Weight of the newest pass. */
const SHARE = 0.05;
/** While nothing was measured. */
const FIRST_GUESS_MS = 200;

/** How many sessions a worker can hear, from what their passes take of its engine. */
export class LiveCapacity {
  readonly #most: () => number | 'auto';
  #passMs: number | null = null;

  /** @param most of the configuration; `auto`: as many as there is time for. */
  constructor(most: () => number | 'auto') {
    this.#most = most;
  }

  add(engineMs: number): void {
    this.#passMs = this.#passMs === null ? engineMs : (1 - SHARE) * this.#passMs + SHARE * engineMs;
  }

  get sessions(): number {
    const most = this.#most();
    return most === 'auto' ? Math.max(1, Math.floor(ROUND_MS / (this.#passMs ?? FIRST_GUESS_MS))) : most;
  }
}
