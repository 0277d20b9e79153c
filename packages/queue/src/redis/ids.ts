/** Ids of jobs and members of indexes, which all processes must build in the same way. */

/** Fixed width, so that members sort by time. */
const TIME_DIGITS = 15;

/** Member of a request index: sorts by time, then by id; also the cursor of a list. */
export function indexMember(createdAtMs: number, requestId: string): string {
  return `${String(createdAtMs).padStart(TIME_DIGITS, '0')}:${requestId}`;
}

/** The job that drives a run has the run's id. BullMQ allows no colon in ids. */
export function driverJobId(runId: string): string {
  return runId;
}

/** Deterministic: a parent that starts again adds the same children, and each runs once. */
export function childJobId(parentJobId: string, step: string, index: number): string {
  return `${parentJobId}${childSuffix(step, index)}`;
}

export function childSuffix(step: string, index: number): string {
  return `.${step}.${index}`;
}

export function jobIndexOf(childJobId: string): number {
  return Number(childJobId.slice(childJobId.lastIndexOf('.') + 1));
}

/** Of an extra that is asked for after the run has completed. */
export function extraJobId(runId: string, kind: string, asked: number): string {
  return `${driverJobId(runId)}.extra-${kind}.${asked}`;
}
