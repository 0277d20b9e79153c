import { LANES, type WireWorker, wireHealthSchema, wireJobListSchema, wireWorkerListSchema } from '@sotto/contracts';
import type { z } from 'zod';
import { type AdminOptions, reach } from '../../connection/admin.ts';
import { CommandError } from '../../exit-codes.ts';
import { type Sample, samplesOf, valueIn } from './exposition.ts';

/** What `sotto top` shows of one moment. null: it is not known, or not for this key. */
export interface Snapshot {
  at: string;
  status: string;
  warnings: string[];
  recordings: number | null;
  audio_waiting_seconds: number | null;
  /** Until what waits is done. */
  backlog_seconds: number | null;
  /** Audio seconds per wall second of all workers together. */
  speed: number | null;
  lanes: { lane: string; recordings: number | null; oldest_waiting_seconds: number | null }[];
  queues: { queue: string; waiting: number; active: number }[];
  workers: WireWorker[] | null;
  jobs: z.infer<typeof wireJobListSchema>['jobs'] | null;
}

const SHOWN_JOBS = 20;

/** @throws CommandError when no service answers */
export async function takeSnapshot(options: AdminOptions): Promise<Snapshot> {
  const health = wireHealthSchema.parse(await (await reach(options, 'GET', '/health', undefined, [503])).json());
  const samples = samplesOf((await allowed(reach(options, 'GET', '/metrics').then((answer) => answer.text()))) ?? '');
  const [workers, jobs] = await Promise.all([
    allowed(
      reach(options, 'GET', '/admin/workers').then(async (answer) => wireWorkerListSchema.parse(await answer.json())),
    ),
    allowed(
      reach(options, 'GET', `/jobs?status=processing&limit=${SHOWN_JOBS}`).then(async (answer) =>
        wireJobListSchema.parse(await answer.json()),
      ),
    ),
  ]);
  return {
    at: health.timestamp,
    status: health.status,
    warnings: health.warnings,
    recordings: valueIn(samples, 'sotto_runs_processing'),
    audio_waiting_seconds: valueIn(samples, 'sotto_backlog_audio_seconds'),
    backlog_seconds: valueIn(samples, 'sotto_backlog_seconds_per_worker'),
    speed: valueIn(samples, 'sotto_fleet_rtfx'),
    lanes: LANES.map((lane) => ({
      lane,
      recordings: valueIn(samples, 'sotto_lane_runs', { lane }),
      oldest_waiting_seconds: valueIn(samples, 'sotto_oldest_waiting_seconds', { lane }),
    })),
    queues: queuesOf(samples),
    workers: workers?.workers ?? null,
    jobs: jobs?.jobs ?? null,
  };
}

/** Of queues that have anything in them. */
function queuesOf(samples: readonly Sample[]): Snapshot['queues'] {
  const names = new Set(
    samples.filter(({ name }) => name === 'sotto_queue_jobs').map(({ labels }) => labels.queue ?? ''),
  );
  const count = (queue: string, state: string) => valueIn(samples, 'sotto_queue_jobs', { queue, state }) ?? 0;
  return [...names]
    .map((queue) => ({ queue, waiting: count(queue, 'waiting'), active: count(queue, 'active') }))
    .filter(({ waiting, active }) => waiting + active > 0);
}

/** null: this key may not see it, or the service does not have it. What nobody answers is an error. */
async function allowed<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CommandError && error.cause === undefined) return null;
    throw error;
  }
}
