import type { Worker } from 'bullmq';

export interface ActiveJob {
  id: string;
  /** null: it belongs to no run. */
  runId: string | null;
  /** The BullMQ worker that has taken it. */
  worker: Worker;
}

/** The jobs that this process is processing. */
export class ActiveJobs {
  readonly #jobs = new Map<string, ActiveJob>();
  #onIdle: (() => void)[] = [];

  async during<T>(job: ActiveJob, work: () => Promise<T>): Promise<T> {
    this.#jobs.set(job.id, job);
    try {
      return await work();
    } finally {
      this.#jobs.delete(job.id);
      if (this.#jobs.size === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }

  ofRun(runId: string): ActiveJob[] {
    return [...this.#jobs.values()].filter((job) => job.runId === runId);
  }

  /** Resolves when no job is left. */
  whenIdle(): Promise<void> {
    if (this.#jobs.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }
}
