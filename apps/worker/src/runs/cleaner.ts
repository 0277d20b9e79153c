import type { Logger } from '@sotto/runtime';
import { type CleanupDeps, removeBlobsOf } from './cleanup.ts';

export interface CleanerDeps extends CleanupDeps {
  logger: Pick<Logger, 'warning'>;
  /**
   * For so long after its end, the blobs of a run stay: a Redis that loses its last seconds loses the end too, and then
   * the run is done again. 0: not at all.
   */
  keepMs: number;
}

/**
 * Removes the blobs of runs that have ended, here or in another process, when it is their time. What fails, or is not due
 * when this process stops, is left to the API, which looks at all manifests.
 */
export class Cleaner {
  readonly #deps: CleanerDeps;
  readonly #inProgress = new Set<Promise<void>>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(deps: CleanerDeps) {
    this.#deps = deps;
  }

  /** A run has ended in this process. Resolves when its blobs are gone, or are to stay for a while. */
  async ended(runId: string): Promise<void> {
    if (this.#deps.keepMs === 0) await removeBlobsOf(runId, this.#deps);
    else this.clean(runId);
  }

  /** A run has ended anywhere: the same in the background. */
  clean(runId: string): void {
    if (this.#waiting.has(runId)) return;
    const remove = () => {
      this.#waiting.delete(runId);
      this.#remove(runId);
    };
    if (this.#deps.keepMs === 0) remove();
    else this.#waiting.set(runId, setTimeout(remove, this.#deps.keepMs).unref());
  }

  #remove(runId: string): void {
    const work: Promise<void> = removeBlobsOf(runId, this.#deps)
      .catch((error: unknown) =>
        this.#deps.logger.warning('blobs of an ended run could not be removed; the sweep tries again', {
          runId,
          error,
        }),
      )
      .finally(() => this.#inProgress.delete(work));
    this.#inProgress.add(work);
  }

  /** Resolves when nothing is being removed, and nothing will be. */
  async close(): Promise<void> {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    await Promise.all(this.#inProgress);
  }
}
