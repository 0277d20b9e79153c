import type { Job, Worker } from 'bullmq';
import type { Catalog } from '../catalog/catalog.ts';
import { DEATHS_BEFORE_ALONE, DEATHS_OF_POISON } from '../catalog/jobs.ts';
import type { ActiveJobs } from './active-jobs.ts';

/** Workers that have died during a job. */
const deathsOf = (job: Pick<Job, 'stalledCounter'>): number => job.stalledCounter;

/** Whether a job may be what killed its workers. */
export function isSuspect(job: Pick<Job, 'name' | 'stalledCounter'>, catalog: Catalog): boolean {
  return catalog.findJob(job.name)?.mayBePoison === true && deathsOf(job) >= DEATHS_BEFORE_ALONE;
}

/** Whether a job must be what killed its workers: the last one had nothing else to do. */
export function isPoison(job: Pick<Job, 'name' | 'stalledCounter'>, catalog: Catalog): boolean {
  return isSuspect(job, catalog) && deathsOf(job) >= DEATHS_OF_POISON;
}

export interface IsolationDeps {
  active: ActiveJobs;
  /** Of this process. */
  workers: readonly Worker[];
  /** This process is stopping, or was told to take no jobs: nothing is resumed. */
  staysPaused(): boolean;
}

/** Processes a suspect alone in this process. open <-> closed: it takes no other job, and has finished those it had. */
export class Isolation {
  readonly #deps: IsolationDeps;
  #isClosed = false;

  constructor(deps: IsolationDeps) {
    this.#deps = deps;
  }

  /** A job that arrives meanwhile must be handed over. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    const { active, workers, staysPaused } = this.#deps;
    this.#isClosed = true;
    try {
      await Promise.all(workers.map((worker) => worker.pause(true)));
      await active.whenIdle();
      return await work();
    } finally {
      this.#isClosed = false;
      if (!staysPaused()) for (const worker of workers) void worker.resume();
    }
  }
}
