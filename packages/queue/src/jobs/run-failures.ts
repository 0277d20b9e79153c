import type { Run, SottoError } from '@sotto/contracts';
import type { Queue } from 'bullmq';
import type { Catalog } from '../catalog/catalog.ts';
import type { Extras } from '../runs/extras.ts';
import type { Runs } from '../runs/runs.ts';
import { removeWaitingChildrenOf } from './removal.ts';

export interface RunFailuresDeps {
  runs: Runs;
  extras: Extras;
  catalog: Catalog;
  queue(name: string): Queue;
}

/** What becomes of a run when one of its jobs does not succeed; the kind of the job decides. */
export class RunFailures {
  readonly #deps: RunFailuresDeps;

  constructor(deps: RunFailuresDeps) {
    this.#deps = deps;
  }

  /** A job has failed for good: an extra leaves a warning, any other fails its run. */
  async failed(kind: string, runId: string, error: SottoError): Promise<void> {
    const { runs, extras, catalog } = this.#deps;
    const { onFailure } = catalog.job(kind);
    if (onFailure !== 'fail_run') {
      await extras.fail(runId, kind, { code: onFailure.warn, detail: error.detail });
      return;
    }
    const run = await runs.run(runId);
    if (run === null) return;
    await runs.fail(run, error.toJobError());
    await this.#removeWaitingChildren(run);
  }

  async cancelled(runId: string): Promise<void> {
    const run = await this.#deps.runs.run(runId);
    if (run === null) return;
    await this.#deps.runs.cancel(run);
    await this.#removeWaitingChildren(run);
  }

  async #removeWaitingChildren(run: Run): Promise<void> {
    const { catalog, queue } = this.#deps;
    await removeWaitingChildrenOf(queue(catalog.driverQueue(run.kind)), run.id);
  }
}
