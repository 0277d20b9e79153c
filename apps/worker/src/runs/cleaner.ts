import type { Runs } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import type { BlobStore } from '@sotto/storage';
import { removeBlobsOf } from './cleanup.ts';

/** Removes the blobs of runs that ended elsewhere, in the background. What fails is left to the sweep. */
export class Cleaner {
  readonly #deps: { runs: Runs; blobs: BlobStore; logger: Logger };
  readonly #inProgress = new Set<Promise<void>>();

  constructor(deps: { runs: Runs; blobs: BlobStore; logger: Logger }) {
    this.#deps = deps;
  }

  clean(runId: string): void {
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

  /** Resolves when nothing is being removed. */
  async idle(): Promise<void> {
    await Promise.all(this.#inProgress);
  }
}
