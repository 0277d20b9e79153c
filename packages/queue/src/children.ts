import { type Job, type Queue, WaitingChildrenError } from 'bullmq';
import { type ChildKind, JOB_CATALOG, type JobResult } from './catalog.ts';
import type { ChildJob } from './handlers.ts';
import { childJobId } from './keys.ts';
import { ASSEMBLE_PRIORITY } from './order.ts';
import { jobOptions, parsePayload } from './queues.ts';

/** An addBulk is one transaction during which Redis serves nobody else. */
const BATCH = 200;

/** Not an error: the handler is suspended until its children are done. */
export const isSuspension = (error: unknown): boolean => error instanceof WaitingChildrenError;

export type ChildQueueName = (typeof JOB_CATALOG)[ChildKind]['queue'];
export type ChildQueues = Record<ChildQueueName, Queue>;

export interface ParentJob {
  job: Job;
  token: string;
  /** Places in a queue for so many children, in order. */
  turns(queue: ChildQueueName, count: number): Promise<number[]>;
  signal: AbortSignal;
}

/**
 * Runs one step's children of a job, all of one kind. Those whose value the parent already has are not added again, so
 * a parent that died and starts anew repeats nothing, however long ago BullMQ has forgotten the finished ones.
 */
export async function runChildren<K extends ChildKind>(
  queues: ChildQueues,
  { job, token, turns, signal }: ParentJob,
  step: string,
  children: readonly ChildJob<K>[],
): Promise<JobResult<K>[]> {
  const parentId = String(job.id);
  const [first] = children;
  if (first === undefined) return [];
  const name: ChildQueueName = JOB_CATALOG[first.kind].queue;
  const queue = queues[name];
  const keyOf = (index: number) => queue.toKey(childJobId(parentId, step, index));
  const missing = (values: Record<string, unknown>) =>
    children.map((child, index) => ({ child, index })).filter(({ index }) => !(keyOf(index) in values));

  for (;;) {
    const values = await job.getChildrenValues();
    const toAdd = missing(values);
    if (toAdd.length === 0) return children.map((_, index) => values[keyOf(index)] as JobResult<K>);

    const priorities = await turns(name, toAdd.length);
    const parent = { id: parentId, queue: job.queueQualifiedName };
    for (let from = 0; from < toAdd.length; from += BATCH) {
      signal.throwIfAborted();
      await queue.addBulk(
        toAdd.slice(from, from + BATCH).map(({ child, index }, place) => ({
          name: child.kind,
          data: parsePayload(child.kind, child.payload),
          opts: {
            ...jobOptions(child.kind),
            jobId: childJobId(parentId, step, index),
            priority: priorities[from + place] ?? 1,
            parent,
            failParentOnFailure: true,
          },
        })),
      );
    }
    await job.changePriority({ priority: ASSEMBLE_PRIORITY });
    if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
  }
}
