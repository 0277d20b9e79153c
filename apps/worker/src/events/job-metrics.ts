import type { Registry } from 'prom-client';
import { counter, secondsHistogram } from './instruments.ts';
import type { OnWorkerEvent } from './worker-event.ts';

/** Jobs of the queue, whatever they do. */
export function countJobs(registry: Registry): OnWorkerEvent {
  const jobs = counter(
    registry,
    'sotto_worker_jobs_total',
    'Jobs of this worker, by kind and outcome.',
    'kind',
    'outcome',
  );
  const took = secondsHistogram(
    registry,
    'sotto_worker_job_seconds',
    'Time a job occupied a slot of this worker.',
    'kind',
  );
  const waited = secondsHistogram(
    registry,
    'sotto_worker_job_wait_seconds',
    'Time from adding a job to its first start.',
    'kind',
  );
  const failures = counter(
    registry,
    'sotto_worker_failures_total',
    'Jobs that failed for good, by error code.',
    'code',
  );
  const stalled = counter(registry, 'sotto_worker_stalled_total', 'Jobs whose worker had stopped renewing its lock.');
  const handedBack = counter(
    registry,
    'sotto_worker_handed_back_total',
    'Jobs handed back because only a newer version knows them.',
    'queue',
  );
  const waits = counter(
    registry,
    'sotto_worker_waits_total',
    'Times that a job was put back because something of the service was away.',
    'cause',
  );
  return (observed) => {
    if (observed.type !== 'job') return;
    const { event } = observed;
    if (event.type === 'stalled') stalled.inc();
    if (event.type === 'handed_back') handedBack.inc({ queue: event.queue });
    if (event.type === 'taken' && event.waitedMs !== null) {
      waited.observe({ kind: event.kind }, event.waitedMs / 1000);
    }
    if (event.type === 'waiting') waits.inc({ cause: event.for });
    if (event.type === 'failed') failures.inc({ code: event.error.code });
    if ('tookMs' in event) {
      jobs.inc({ kind: event.kind, outcome: event.type });
      took.observe({ kind: event.kind }, event.tookMs / 1000);
    }
  };
}
