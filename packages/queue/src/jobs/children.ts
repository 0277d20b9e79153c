import { LANES } from '@sotto/contracts';
import { type Job, type Queue, WaitingChildrenError } from 'bullmq';
import type { Catalog } from '../catalog/catalog.ts';
import { queueOf } from '../order/lane.ts';
import { ASSEMBLE_PRIORITY } from '../order/priorities.ts';
import { childJobId } from '../redis/ids.ts';
import { jobOptions, packPayload } from '../redis/queues.ts';

/** One addBulk is a transaction, during which Redis serves no other client. */
const BATCH = 200;

/** Not a failure: the handler is suspended until its children are done. */
export const isSuspension = (error: unknown): boolean => error instanceof WaitingChildrenError;

/** The queue in which children wait, and their priorities there, in order. */
export interface Places {
  queue: string;
  priorities: number[];
}

export interface ParentJob {
  job: Job;
  token: string;
  places(kind: string, count: number): Promise<Places>;
  /** Called before an extra is added; see Extras.ask. */
  onExtra(kind: string, warningCode: string): Promise<void>;
  signal: AbortSignal;
}

interface Child {
  kind: string;
  payload: unknown;
}

/** A child with its index in its step, from which its id is made. */
interface Numbered {
  child: Child;
  index: number;
}

/**
 * One step of a job: the children that it adds and waits for. Children that the parent knows to be done are not added
 * again, so a parent that died and starts again repeats nothing, however long ago BullMQ has removed the finished ones.
 */
export class Step {
  readonly #catalog: Catalog;
  readonly #queue: (name: string) => Queue;
  readonly #parent: ParentJob;
  readonly #step: string;
  readonly #children: readonly Child[];

  constructor(
    queues: { catalog: Catalog; queue(name: string): Queue },
    parent: ParentJob,
    step: string,
    children: readonly Child[],
  ) {
    this.#catalog = queues.catalog;
    this.#queue = queues.queue;
    this.#parent = parent;
    this.#step = step;
    this.#children = children;
  }

  /**
   * Results of the children, in order; null for an extra that failed. Throws to suspend the parent until all are done.
   */
  async run(): Promise<unknown[]> {
    const { job, token } = this.#parent;
    if (this.#children.length === 0) return [];
    for (;;) {
      const done = await this.#done();
      const missing = this.#numbered().filter(({ index }) => !done.has(index));
      if (missing.length === 0) return this.#numbered().map(({ index }) => done.get(index) ?? null);
      for (const kind of new Set(missing.map(({ child }) => child.kind))) {
        await this.#add(
          kind,
          missing.filter(({ child }) => child.kind === kind),
        );
      }
      await job.changePriority({ priority: ASSEMBLE_PRIORITY });
      if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
    }
  }

  #numbered(): Numbered[] {
    return this.#children.map((child, index) => ({ child, index }));
  }

  /** Results of finished children, by index. The lane, and so their queue, may have changed since they were added. */
  async #done(): Promise<Map<number, unknown>> {
    const { job } = this.#parent;
    const values: Record<string, unknown> = await job.getChildrenValues();
    const hasExtras = this.#children.some(({ kind }) => this.#catalog.job(kind).onFailure !== 'fail_run');
    const failures = hasExtras ? await job.getIgnoredChildrenFailures() : {};
    const done = new Map<number, unknown>();
    for (const { child, index } of this.#numbered()) {
      const id = this.#idOf(index);
      const keys = LANES.map((lane) => this.#queue(queueOf(child.kind, lane, this.#catalog)).toKey(id));
      const key = keys.find((name) => name in values);
      if (key !== undefined) done.set(index, values[key]);
      else if (keys.some((name) => name in failures)) done.set(index, null);
    }
    return done;
  }

  async #add(kind: string, children: readonly Numbered[]): Promise<void> {
    const { job, places, onExtra, signal } = this.#parent;
    const { onFailure } = this.#catalog.job(kind);
    if (onFailure !== 'fail_run') await onExtra(kind, onFailure.warn);
    const { queue, priorities } = await places(kind, children.length);
    const parent = { id: String(job.id), queue: job.queueQualifiedName };
    for (let from = 0; from < children.length; from += BATCH) {
      signal.throwIfAborted();
      await this.#queue(queue).addBulk(
        children.slice(from, from + BATCH).map(({ child, index }, place) => ({
          name: kind,
          data: packPayload(kind, child.payload, this.#catalog),
          opts: {
            ...jobOptions(kind, this.#catalog),
            jobId: this.#idOf(index),
            priority: priorities[from + place] ?? 1,
            parent,
            failParentOnFailure: onFailure === 'fail_run',
            ignoreDependencyOnFailure: onFailure !== 'fail_run',
          },
        })),
      );
    }
  }

  #idOf(index: number): string {
    return childJobId(String(this.#parent.job.id), this.#step, index);
  }
}
