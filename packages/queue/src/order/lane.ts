import { LANES, type Lane } from '@sotto/contracts';
import { CHILD_KINDS, type ChildKind, JOB_CATALOG, JOB_KINDS } from '../catalog/jobs.ts';
import { QUEUES, type QueueName } from '../catalog/queues.ts';

/**
 * Windows of the interactive lane have a queue of their own, the twin of the catalog's: priority decides who is next when
 * a slot gets free, and here none need get free, since workers take so many of these beside all others.
 */
export function queueOf(kind: ChildKind, lane: Lane) {
  const name = JOB_CATALOG[kind].queue;
  const queue = QUEUES[name];
  return lane === 'interactive' && 'interactiveTwin' in queue ? queue.interactiveTwin : name;
}

/** Queues in which children of a run wait. */
export type ChildQueueName = ReturnType<typeof queueOf>;
export const CHILD_QUEUE_NAMES: readonly ChildQueueName[] = [
  ...new Set(CHILD_KINDS.flatMap((kind) => LANES.map((lane) => queueOf(kind, lane)))),
];

const DRIVER_KINDS = JOB_KINDS.filter((kind) => JOB_CATALOG[kind].ofRun === 'driver');

/** Queues whose jobs are work on recordings. */
export const WORK_QUEUE_NAMES: readonly QueueName[] = [
  ...new Set([...DRIVER_KINDS.map((kind) => JOB_CATALOG[kind].queue), ...CHILD_QUEUE_NAMES]),
];
