/**
 * How BullMQ lays waiting jobs out in Redis, as far as the order of work depends on it: known here and nowhere else. A
 * test holds it against BullMQ itself.
 */

/** List of jobs that are taken before all others; here: of runs that come back from a step. */
export function takenFirst(prefix: string, queue: string): string {
  return `${prefix}:${queue}:wait`;
}

/** Sorted set of waiting jobs, by `priority * PRIORITY_STEP + order of arrival`. */
export function prioritized(prefix: string, queue: string): string {
  return `${prefix}:${queue}:prioritized`;
}

export const PRIORITY_STEP = 2 ** 32;
