/**
 * Names of the specification that other implementations need and this one does not: accepted, and reported as unused.
 */
export const UNUSED_NAMES: Record<string, string> = {
  CELERY_BROKER_URL: 'there is no Celery; the queue is in REDIS_URL',
  CELERY_RESULT_BACKEND: 'there is no Celery; results are in REDIS_URL',
  WORKERS: 'one API process serves many clients; to scale, run more replicas of it or more worker processes',
};

/** Sentences for the log at startup, one for each unused name that is set. */
export function unusedNameNotes(source: NodeJS.ProcessEnv): string[] {
  const set = new Set(Object.keys(source).map((name) => name.toUpperCase()));
  return Object.entries(UNUSED_NAMES)
    .filter(([name]) => set.has(name))
    .map(([name, reason]) => `${name} is not used: ${reason}`);
}
