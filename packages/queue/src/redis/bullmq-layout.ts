/**
 * How BullMQ stores waiting jobs in Redis, as far as the order of work depends on it. Only this file knows it, and a
 * test compares it with BullMQ itself.
 */

/** List: jobs that are taken before all others; here, those of runs that return from a step. */
export function takenFirst(prefix: string, queue: string): string {
  return `${prefix}:${queue}:wait`;
}

/** Sorted set: waiting jobs, by `priority * PRIORITY_STEP + order of arrival`. */
export function prioritized(prefix: string, queue: string): string {
  return `${prefix}:${queue}:prioritized`;
}

export const PRIORITY_STEP = 2 ** 32;
