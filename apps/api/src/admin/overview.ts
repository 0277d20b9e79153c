import { enginesOf, type WireOverview, wireOverviewSchema } from '@sotto/contracts';
import { backlogSeconds, type ServiceFigures } from '@sotto/queue';
import { type Fleet, fleetRtfx, type WorkerDirectory } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';

export interface OverviewDeps {
  directory: Pick<WorkerDirectory, 'fleet'>;
  figures: { read(): Promise<ServiceFigures> };
}

/** The figures of /metrics that concern the whole service, for people. */
export function overviewEndpoint({ directory, figures }: OverviewDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/admin/overview',
    tag: 'admin',
    access: 'admin',
    summary: 'The state of the whole service',
    description: 'At most two seconds old, and the same from every replica. `/metrics` has more, for Prometheus.',
    answers: { 200: { description: 'The figures.', content: { 'application/json': wireOverviewSchema } } },
    errors: ['queue_unavailable'],
    handle: async ({ response }) => {
      const [fleet, now] = await Promise.all([directory.fleet(), figures.read()]);
      response.set('Cache-Control', 'no-store').json(overviewOf(fleet, now));
    },
  });
}

function overviewOf(fleet: Fleet, figures: ServiceFigures): WireOverview {
  const engines = enginesOf(fleet.workers, 'transcribe');
  const { backlogAudioMs, speed, lanes, redis } = figures;
  return {
    workers: fleet.workers.length,
    workers_ready: fleet.workers.filter(({ state }) => state === 'ready').length,
    slots: engines.reduce((sum, { slots }) => sum + slots, 0),
    slots_busy: engines.reduce((sum, { busy }) => sum + busy, 0),
    speed: fleetRtfx(fleet),
    jobs: figures.runs,
    backlog_audio_seconds: backlogAudioMs / 1000,
    backlog_seconds: backlogSeconds(backlogAudioMs, speed).each,
    lanes: { interactive: laneOf(lanes.interactive), batch: laneOf(lanes.batch) },
    queues: Object.entries(figures.queues).map(([queue, counts]) => ({ queue, ...counts })),
    waiting_for: Object.entries(figures.waitingFor).map(([cause, jobs]) => ({ cause, jobs })),
    alerts: figures.keys.saturation.map(({ key, limit, ratio }) => ({ key_id: key, limit, used_ratio: ratio })),
    redis: { used_bytes: redis.usedBytes, limit_bytes: redis.limitBytes },
  };
}

const laneOf = ({ runs, audioMs, oldestWaitingMs }: ServiceFigures['lanes']['batch']) => ({
  jobs: runs,
  audio_seconds: audioMs / 1000,
  oldest_waiting_seconds: oldestWaitingMs / 1000,
});
