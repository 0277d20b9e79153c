import type { Lane } from '@sotto/contracts';
import { type ChildKind, JOB_CATALOG } from '../catalog/jobs.ts';

export type ChildQueueName = (typeof JOB_CATALOG)[ChildKind]['queue'] | 'urgent-windows';

/**
 * Windows of the interactive lane have a queue of their own, beside the catalog's: priority decides who is next when a slot
 * gets free, and here none need get free, since workers take so many of these beside all others.
 */
export function queueOf(kind: ChildKind, lane: Lane): ChildQueueName {
  const { queue } = JOB_CATALOG[kind];
  return queue === 'windows' && lane === 'interactive' ? 'urgent-windows' : queue;
}
