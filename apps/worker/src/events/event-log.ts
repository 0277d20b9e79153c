import type { ConsumerEvent, RedisWatch } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import type { OnWorkerEvent } from './worker-event.ts';

/** All log lines about work. Milestones of a run are INFO, its windows DEBUG. */
export function logEvents(logger: Logger, redis: Pick<RedisWatch, 'handle'>): OnWorkerEvent {
  return (event) => {
    switch (event.type) {
      case 'job':
        if (event.event.type === 'error' && redis.handle(event.event.error)) return;
        return logJob(logger, event.event);
      case 'prepared': {
        const { type: _, tookMs, ...facts } = event;
        return logger.info('recording prepared', { ...facts, durationMs: Math.round(tookMs) });
      }
      case 'window': {
        const { type: _, tookMs, ...facts } = event;
        return logger.debug('window transcribed', { ...facts, durationMs: Math.round(tookMs) });
      }
      case 'window_found':
        return logger.debug('window had been transcribed before', { model: event.model, index: event.index });
      case 'window_gap': {
        const { type: _, ...facts } = event;
        return logger.warning('a window could not be transcribed; its transcript has a gap', facts);
      }
      case 'retranscribed': {
        const { type: _, ...facts } = event;
        return logger.debug('speech without words was transcribed again', facts);
      }
      case 'transcribed': {
        const { type: _, processingMs, flags, ...facts } = event;
        return logger.info('recording transcribed', { ...facts, suspects: flags.length, durationMs: processingMs });
      }
      case 'piece': {
        const { type: _, tookMs, ...facts } = event;
        return logger.debug('piece of a text spoken', { ...facts, durationMs: Math.round(tookMs) });
      }
      case 'piece_found':
        return logger.debug('piece had been spoken before', { model: event.model, index: event.index });
      case 'spoken': {
        const { type: _, processingMs, voices, ...facts } = event;
        return logger.info('text spoken', { ...facts, voices: voices.length, durationMs: processingMs });
      }
      case 'remote_speech':
        return event.state === 'open'
          ? logger.warning('the other server that speaks has failed too often; it is left alone for a while', {
              error: event.error,
            })
          : logger.info('the other server that speaks is called again', { state: event.state });
      case 'matched': {
        const { type: _, tookMs, ...facts } = event;
        return logger.info('voice made of a sample', { ...facts, durationMs: Math.round(tookMs) });
      }
      case 'speakers': {
        const { type: _, tookMs, ...facts } = event;
        return logger.info('speakers told apart', { ...facts, durationMs: Math.round(tookMs) });
      }
      case 'model_loaded':
        return logger.info('model loaded', {
          model: event.model,
          device: event.device,
          memoryBytes: event.memoryBytes,
          durationMs: Math.round(event.tookMs),
        });
      case 'model_load_failed':
        return logger.warning('a model could not be loaded; it is tried again', {
          model: event.model,
          error: event.error,
          retryInMs: event.retryInMs,
        });
      case 'model_waits':
        return logger.info('there is no memory free for a model; its window waits', { model: event.model });
      case 'model_unloaded':
        return logger.info('model unloaded', { model: event.model });
      case 'live':
        return logger.info('live session left', { sessionId: event.sessionId, end: event.end, reason: event.reason });
      case 'live_failed':
        if (event.error instanceof Error && redis.handle(event.error)) return;
        return logger.warning('a live session could not be heard; it is tried again', {
          sessionId: event.sessionId,
          error: event.error,
        });
      case 'webhook': {
        const { type: _, tookMs, startedAtMs: __, status, error: reason, subject: jobId, ...facts } = event;
        const fields = { ...facts, jobId, reason, webhookStatus: status, durationMs: tookMs };
        if (event.outcome === 'given_up') return logger.warning('webhook given up', fields);
        return logger.info(event.outcome === 'delivered' ? 'webhook delivered' : 'webhook not delivered yet', fields);
      }
      case 'quota': {
        const { type: _, ...facts } = event;
        return logger.info(event.percent < 100 ? 'a quota is nearly used up' : 'a quota is used up', facts);
      }
      case 'swept': {
        const { type: _, ...counts } = event;
        const found = Object.values(counts).some((count) => count > 0);
        return found ? logger.info('leftovers swept', counts) : logger.debug('nothing to sweep');
      }
    }
  };
}

const logJob = (logger: Logger, event: ConsumerEvent) => {
  switch (event.type) {
    case 'stalled':
      return logger.warning('the worker of a job was lost; the job waits again', {
        queue: event.queue,
        queueJobId: event.jobId,
      });
    case 'error':
      return logger.warning('the queue reported an error', { queue: event.queue, error: event.error });
    case 'outbox_filled':
      return logger.debug('the outbox has new events');
    case 'handed_back':
      return logger.warning('a job that only a newer version knows was handed back', {
        queue: event.queue,
        queueJobId: event.jobId,
        reason: event.reason,
      });
    case 'run_stopped':
      return logger.debug('a run was stopped', { runId: event.runId });
    case 'failed':
      return logger.error('job failed', { ...aboutJob(event), code: event.error.code, error: event.cause });
    case 'retried':
      return logger.warning('job will be tried again', {
        ...aboutJob(event),
        code: event.error.code,
        error: event.cause,
      });
    case 'waiting':
      return logger.warning('job waits for what is away', {
        ...aboutJob(event),
        waitsFor: event.for,
        since: new Date(event.sinceMs).toISOString(),
        delayMs: event.delayMs,
        error: event.cause,
      });
    case 'lock_lost':
      return logger.warning('another worker has the job now', aboutJob(event));
    case 'handed_over':
    case 'dropped':
      return logger.info(`job ${event.type.replace('_', ' ')}`, aboutJob(event));
    case 'taken':
    case 'postponed':
    case 'finished':
    case 'suspended':
      return logger.debug(`job ${event.type}`, aboutJob(event));
  }
};

function aboutJob(event: Extract<ConsumerEvent, { kind: string }>): Record<string, unknown> {
  const { kind, jobId, runId, attempt } = event;
  const tookMs = 'tookMs' in event ? { durationMs: Math.round(event.tookMs) } : {};
  return { kind, queueJobId: jobId, ...(runId !== null && { runId }), attempt, ...tookMs };
}
