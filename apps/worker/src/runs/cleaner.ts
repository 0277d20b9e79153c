import type { Runs } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import type { BlobStore } from '@sotto/storage';
import { removeBlobsOf } from './cleanup.ts';

/** Removes blobs of runs that ended elsewhere, beside the work at hand; a failure is the sweep's to mend. */
export class Cleaner {
  readonly #deps: { runs: Runs; blobs: BlobStore; logger: Logger };
  readonly #atWork = new Set<Promise<void>>();

  constructor(deps: { runs: Runs; blobs: BlobStore; logger: Logger }) {
    this.#deps = deps;
  }

  clean(runId: string): void {
    const work: Promise<void> = removeBlobsOf(runId, this.#deps)
      .catch((error: unknown) => this.#deps.logger.warning('blobs of an ended run stay for now', { runId, error }))
      .finally(() => this.#atWork.delete(work));
    this.#atWork.add(work);
  }

  /** Resolves when nothing is being removed. */
  async idle(): Promise<void> {
    await Promise.all(this.#atWork);
  }
}
