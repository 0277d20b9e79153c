/** A run as its clients know it. */
export interface ModelRun {
  id: string;
  work: string;
  /** Requests that wait for it, or have its result. */
  attached: Set<string>;
  isExpired: boolean;
}

export interface ModelRequest {
  id: string;
  run: ModelRun;
  /** Its client has given it up before it ended. */
  isCancelled: boolean;
  /** How it was seen to end: it stays so. */
  end: 'completed' | 'cancelled' | null;
}

/** What must be so, whatever the worker does meanwhile. */
export class Model {
  readonly requests: ModelRequest[] = [];
  /** The run that a request for a work joins. */
  readonly works = new Map<string, ModelRun>();
  hasWorker = false;
  kills = 0;
  /** What has happened, for the message of a failure. */
  readonly story: string[] = [];

  accept(work: string, { requestId: id, runId }: { requestId: string; runId: string }): void {
    const known = this.works.get(work);
    const run = known?.id === runId ? known : { id: runId, work, attached: new Set<string>(), isExpired: false };
    run.attached.add(id);
    this.works.set(work, run);
    this.requests.push({ id, run, isCancelled: false, end: null });
  }

  /** A run whose last request has left before its end is joined by nobody. */
  leave(request: ModelRequest): void {
    const { run } = request;
    request.isCancelled = true;
    run.attached.delete(request.id);
    if (run.attached.size === 0 && this.works.get(run.work) === run) this.works.delete(run.work);
  }
}
