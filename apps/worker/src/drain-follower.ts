import type { Consumers, WorkerDrains } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';

export interface DrainFollowerDeps {
  workerId: string;
  drains: Pick<WorkerDrains, 'holdsFor'>;
  consumers: Pick<Consumers, 'rest' | 'resume'>;
  logger: Logger;
  /** Tells the fleet. */
  onChange(isDraining: boolean): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;

/** Stops taking jobs where an operator wants that, and takes them again when it is no longer wanted. */
export class DrainFollower {
  readonly #deps: DrainFollowerDeps;
  #isDraining = false;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(deps: DrainFollowerDeps) {
    this.#deps = deps;
  }

  open(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      void this.#look().finally(() => this.open());
    }, LOOK_EVERY_MS).unref();
  }

  /** Does not wait for a look, which Redis may not answer. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    const { workerId, drains, consumers, logger, onChange } = this.#deps;
    // While Redis is away, what was wanted last still is.
    const isWanted = await drains.holdsFor(workerId).catch(() => this.#isDraining);
    if (this.#isClosed || isWanted === this.#isDraining) return;
    this.#isDraining = isWanted;
    logger.info(isWanted ? 'takes no new jobs, as an operator wants' : 'takes jobs again');
    if (isWanted) await consumers.rest();
    else consumers.resume();
    if (!this.#isClosed) await onChange(isWanted);
  }
}
