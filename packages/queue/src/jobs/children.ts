import { LANES } from '@sotto/contracts';
import { type Job, type Queue, WaitingChildrenError } from 'bullmq';
import type { ChildKind, JobResult } from '../catalog/jobs.ts';
import { type ChildQueueName, queueOf } from '../order/lane.ts';
import { ASSEMBLE_PRIORITY } from '../order/priorities.ts';
import { childJobId } from '../redis/keys.ts';
import { jobOptions, parsePayload } from '../redis/queues.ts';
import type { ChildJob } from './handlers.ts';

/** An addBulk is one transaction during which Redis serves nobody else. */
const BATCH = 200;

/** Not an error: the handler is suspended until its children are done. */
export const isSuspension = (error: unknown): boolean => error instanceof WaitingChildrenError;

export type ChildQueues = Record<ChildQueueName, Queue>;

/** Where so many children wait, and their priorities there, in order. */
export interface Places {
  queue: ChildQueueName;
  priorities: number[];
}

export interface ParentJob {
  job: Job;
  token: string;
  places(kind: ChildKind, count: number): Promise<Places>;
  signal: AbortSignal;
}

/**
 * Runs one step's children of a job, all of one kind. Those whose value the parent already has are not added again, so
 * a parent that died and starts anew repeats nothing, however long ago BullMQ has forgotten the finished ones.
 */
export async function runChildren<K extends ChildKind>(
  queues: ChildQueues,
  { job, token, places, signal }: ParentJob,
  step: string,
  children: readonly ChildJob<K>[],
): Promise<JobResult<K>[]> {
  const parentId = String(job.id);
  const [first] = children;
  if (first === undefined) return [];
  // The lane may have changed since they were added.
  const mayWaitIn = LANES.map((lane) => queues[queueOf(first.kind, lane)]);
  const keyIn = (values: Record<string, unknown>, index: number) =>
    mayWaitIn.map((queue) => queue.toKey(childJobId(parentId, step, index))).find((key) => key in values);
  const missing = (values: Record<string, unknown>) =>
    children.map((child, index) => ({ child, index })).filter(({ index }) => keyIn(values, index) === undefined);

  for (;;) {
    const values = await job.getChildrenValues();
    const toAdd = missing(values);
    if (toAdd.length === 0) return children.map((_, index) => values[keyIn(values, index) ?? ''] as JobResult<K>);

    const { queue, priorities } = await places(first.kind, toAdd.length);
    const parent = { id: parentId, queue: job.queueQualifiedName };
    for (let from = 0; from < toAdd.length; from += BATCH) {
      signal.throwIfAborted();
      await queues[queue].addBulk(
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
