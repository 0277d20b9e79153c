import { LANES } from '@sotto/contracts';
import { backlogSeconds, type ServiceFigures } from '@sotto/queue';

/** Labels and value; null: not known, or without meaning here, and so absent. */
export type Sample = [labels: Record<string, string>, value: number | null];

export interface ServiceMetric {
  name: string;
  help: string;
  labelNames?: string[];
  read(figures: ServiceFigures): Sample[];
}

const one =
  (read: (figures: ServiceFigures) => number | null) =>
  (figures: ServiceFigures): Sample[] => [[{}, read(figures)]];

const perLane =
  (read: (lane: ServiceFigures['lanes']['batch']) => number) =>
  (figures: ServiceFigures): Sample[] =>
    LANES.map((lane) => [{ lane }, read(figures.lanes[lane])]);

const QUEUES: ServiceMetric[] = [
  {
    name: 'sotto_queue_jobs',
    help: 'Jobs by queue and state.',
    labelNames: ['queue', 'state'],
    read: ({ queues }) =>
      Object.entries(queues).flatMap(([queue, states]) =>
        Object.entries(states).map(([state, count]): Sample => [{ queue, state }, count]),
      ),
  },
  { name: 'sotto_runs_processing', help: 'Recordings accepted but not finished.', read: one(({ runs }) => runs) },
  {
    name: 'sotto_waiting_jobs',
    help: 'Recordings that wait for something of the service that is away.',
    labelNames: ['cause'],
    read: ({ waitingFor }) => Object.entries(waitingFor).map(([cause, count]): Sample => [{ cause }, count]),
  },
  {
    name: 'sotto_lane_runs',
    help: 'Recordings accepted but not finished, by lane; at most 2000 are counted.',
    labelNames: ['lane'],
    read: perLane(({ runs }) => runs),
  },
  {
    name: 'sotto_oldest_waiting_seconds',
    help: 'How long the recording that has waited longest for its first turn has waited, by lane; 0: none waits.',
    labelNames: ['lane'],
    read: perLane(({ oldestWaitingMs }) => oldestWaitingMs / 1000),
  },
  {
    name: 'sotto_outbox_events',
    help: 'Events in the outbox that a consumer has yet to handle.',
    labelNames: ['consumer'],
    read: ({ outbox }) => Object.entries(outbox).map(([consumer, { events }]) => [{ consumer }, events]),
  },
  {
    name: 'sotto_outbox_overdue_seconds',
    help: 'For how long the oldest event in the outbox of a consumer has been due.',
    labelNames: ['consumer'],
    read: ({ outbox }) => Object.entries(outbox).map(([consumer, { overdueMs }]) => [{ consumer }, overdueMs / 1000]),
  },
];

/** What to scale workers on; docs/metrics.md says how. */
const BACKLOG: ServiceMetric[] = [
  {
    name: 'sotto_backlog_audio_seconds',
    help: 'Audio accepted and not yet transcribed.',
    read: one(({ backlogAudioMs }) => backlogAudioMs / 1000),
  },
  {
    name: 'sotto_worker_measured_rtfx',
    help: 'Audio seconds per wall second of one worker, as last measured; 1 before the first measurement.',
    read: one(({ speed }) => speed.workerRtfx),
  },
  {
    name: 'sotto_backlog_worker_seconds',
    help: 'Seconds that a single worker would need for the backlog: divided by how long a recording may wait, it is the number of workers to run.',
    read: one(({ backlogAudioMs, speed }) => backlogSeconds(backlogAudioMs, speed).all),
  },
  {
    name: 'sotto_backlog_seconds_per_worker',
    help: 'Seconds that the ready workers will need for the backlog; with none, those that one would need.',
    read: one(({ backlogAudioMs, speed }) => backlogSeconds(backlogAudioMs, speed).each),
  },
];

const KEYS: ServiceMetric[] = [
  {
    name: 'sotto_key_backlog_audio_seconds',
    help: 'Audio accepted and not yet transcribed, of the five API keys with the most; `other`: of the rest; `none`: without a key.',
    labelNames: ['key'],
    read: ({ keys }) => keys.backlog.map(({ key, audioMs }) => [{ key }, audioMs / 1000]),
  },
  {
    name: 'sotto_key_limit_used_ratio',
    help: 'Used part of a limit of an API key, of the five that are closest to a limit while they have work.',
    labelNames: ['key', 'limit'],
    read: ({ keys }) => keys.saturation.map(({ key, limit, ratio }) => [{ key, limit }, ratio]),
  },
];

const REDIS: ServiceMetric[] = [
  { name: 'sotto_redis_memory_bytes', help: 'Memory that Redis uses.', read: one(({ redis }) => redis.usedBytes) },
  {
    name: 'sotto_redis_memory_limit_bytes',
    help: '`maxmemory` of Redis; absent: it has no limit.',
    read: one(({ redis }) => redis.limitBytes),
  },
  {
    name: 'sotto_redis_clients',
    help: 'Connections to Redis, of all processes.',
    read: one(({ redis }) => redis.connectedClients),
  },
  {
    name: 'sotto_redis_aof_enabled',
    help: '1: Redis writes every change to its append-only file. 0: a crash of Redis loses accepted work.',
    read: one(({ redis }) => Number(redis.isAppendOnly)),
  },
  {
    name: 'sotto_redis_aof_healthy',
    help: '1: the last write to the append-only file and its last rewrite worked.',
    read: one(({ redis }) => Number(redis.isAppendOnlyHealthy)),
  },
  {
    name: 'sotto_redis_aof_rewriting',
    help: '1: the append-only file is being rewritten.',
    read: one(({ redis }) => Number(redis.isRewriting)),
  },
];

const SWEEPS: ServiceMetric[] = [
  {
    name: 'sotto_sweep_last_success_timestamp_seconds',
    help: 'When a sweep last reached its end, in seconds since 1970; absent: none has in a week.',
    read: one(({ sweep }) => (sweep.lastSuccessAtMs === null ? null : sweep.lastSuccessAtMs / 1000)),
  },
  {
    name: 'sotto_sweeps',
    help: 'Sweeps that reached their end, of all workers, since the first one or a week without any.',
    read: one(({ sweep }) => sweep.totals.sweeps),
  },
  {
    name: 'sotto_sweep_runs',
    help: 'Runs that sweeps have mended, since the first sweep or a week without any; how: resubmitted, failed, cancelled.',
    labelNames: ['how'],
    read: ({ sweep }) => (['resubmitted', 'failed', 'cancelled'] as const).map((how) => [{ how }, sweep.totals[how]]),
  },
  {
    name: 'sotto_held_uploads',
    help: 'Uploads in storage, as the last sweep found them.',
    read: one(({ sweep }) => sweep.uploads),
  },
  {
    name: 'sotto_held_bytes',
    help: 'Bytes in storage, as the last sweep found them, by kind of blob.',
    labelNames: ['kind'],
    read: ({ sweep }) => [
      [{ kind: 'uploads' }, sweep.uploadBytes],
      [{ kind: 'audio' }, sweep.audioBytes],
    ],
  },
];

/** Each a gauge: the values come from Redis, whoever exports them. */
export const SERVICE_METRICS: readonly ServiceMetric[] = [...QUEUES, ...BACKLOG, ...KEYS, ...REDIS, ...SWEEPS];
