import type { Child } from '@sotto/testkit';

type Message = 'job taken' | 'job finished';

/** The jobs of one kind that some workers said this of, in the order of their logs. */
export function jobsOf(workers: readonly Child[], kind: string, message: Message): string[] {
  const ofKind = new RegExp(`"message":"${message}".*"queue_job_id":"([^"]+\\.${kind}\\.\\d+)"`);
  return workers.flatMap(({ output }) => output.split('\n').flatMap((line) => ofKind.exec(line)?.[1] ?? []));
}

/** Jobs that were begun more than once. */
export function takenTwice(workers: readonly Child[], kind: string): string[] {
  const begun = jobsOf(workers, kind, 'job taken');
  return [...new Set(begun)].filter((id) => begun.indexOf(id) !== begun.lastIndexOf(id));
}

/** Jobs that workers now dead had begun and not finished. */
export function leftBy(dead: readonly Child[], kind: string): string[] {
  const finished = new Set(jobsOf(dead, kind, 'job finished'));
  return jobsOf(dead, kind, 'job taken').filter((id) => !finished.has(id));
}

/**
 * Jobs of one kind that some workers took and found to be done, which they say so: one whose worker died between its result
 * and its word to the queue is taken again.
 *
 * @param first the index of what job number 0 does
 */
export function foundBy(workers: readonly Child[], kind: string, said: string, first = 0): string[] {
  const line = new RegExp(`"run_id":"([^"]+)".*"message":"${said}".*"index":(\\d+)`);
  const lines = workers.flatMap(({ output }) => output.split('\n')).map((each) => line.exec(each));
  return lines.flatMap((match) => (match === null ? [] : [`${match[1]}.${kind}.${Number(match[2]) - first}`]));
}
