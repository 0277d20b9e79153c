import { LANES, type Lane, WAIT_CAUSES } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { Heartbeats } from '../jobs/heartbeats.ts';
import type { Producer } from '../jobs/producer.ts';
import { Backlog } from '../order/backlog.ts';
import type { UnfinishedRun } from '../order/fair-share.ts';
import { OUTBOX_CONSUMERS } from '../outbox/outbox-event.ts';
import { reach, replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { fleetSpeed } from './fleet-speed.ts';
import { KeyReader, keyFiguresSchema } from './key-figures.ts';
import { redisState, redisStateSchema } from './redis-state.ts';
import { SweepLog, sweepFiguresSchema } from './sweep-log.ts';

const queueCountSchema = z.record(
  z.string(),
  z.object({ waiting: z.number(), active: z.number(), delayed: z.number(), suspended: z.number() }),
);

/** The state of the whole service at one moment; the same for whoever asks. Times are milliseconds. */
const figuresSchema = z.object({
  /** Version of this shape: figures that another build took are taken again. */
  version: z.literal(1),
  runs: z.number(),
  queues: queueCountSchema,
  /** Runs that wait for something that is away, by cause. */
  waitingFor: z.record(z.enum(WAIT_CAUSES), z.number()),
  lanes: z.record(
    z.enum(LANES),
    z.object({
      runs: z.number(),
      audioMs: z.number(),
      /** Of the run that has waited longest for its first turn; 0: none waits. */
      oldestWaitingMs: z.number(),
    }),
  ),
  backlogAudioMs: z.number(),
  speed: z.object({ workers: z.number(), workerRtfx: z.number() }),
  outbox: z.record(z.string(), z.object({ events: z.number(), overdueMs: z.number() })),
  keys: keyFiguresSchema,
  redis: redisStateSchema,
  sweep: sweepFiguresSchema,
});
export type ServiceFigures = z.infer<typeof figuresSchema>;

/** For so long, everybody gets the same figures: taking them costs Redis a few milliseconds. */
const SHARED_MS = 2_000;

/** Kept that long for the speed of workers that are not there any more. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** So many of the oldest runs are looked at to find one that still waits. */
const OLDEST = 2_000;

/**
 * Takes the figures of the service for all its processes together. Whoever asks first takes them and leaves them in
 * Redis; for two seconds, everybody else gets those. So every replica of the API exports the same numbers.
 */
export class FigureReader {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #producer: Pick<Producer, 'counts'>;
  readonly #backlog: Backlog;
  readonly #heartbeats: Heartbeats;
  readonly #keyReader: KeyReader;
  readonly #sweeps: SweepLog;

  constructor(redis: Redis, settings: QueueSettings, producer: Pick<Producer, 'counts'>) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#producer = producer;
    this.#backlog = new Backlog(redis, settings);
    this.#heartbeats = new Heartbeats(redis, settings);
    this.#keyReader = new KeyReader(redis, settings);
    this.#sweeps = new SweepLog(redis, settings);
  }

  /** @throws SottoError `queue_unavailable` */
  async read(): Promise<ServiceFigures> {
    const { lease, taken } = this.#keys.figures;
    const isOurs = await reach(this.#redis.set(lease, '1', 'PX', SHARED_MS, 'NX'));
    const last = readFigures(await reach(this.#redis.get(taken)));
    // Somebody is at it for the first time: nothing is there to share yet.
    if (isOurs === null && last !== null) return last;
    const figures = await this.#take(last);
    await reach(this.#redis.set(taken, JSON.stringify(figures), 'PX', KEPT_MS));
    return figures;
  }

  async #take(last: ServiceFigures | null): Promise<ServiceFigures> {
    const [counts, size, runs, oldest, outbox, workers, redis, sweep] = await Promise.all([
      this.#producer.counts(),
      this.#backlog.size(),
      this.#backlog.runs(),
      this.#oldestWaiting(),
      this.#outbox(),
      this.#heartbeats.list(),
      redisState(this.#redis),
      this.#sweeps.read(),
    ]);
    return {
      version: 1,
      runs: counts.runs,
      queues: counts.queues,
      waitingFor: counts.waitingFor,
      lanes: lanesOf(runs, oldest),
      backlogAudioMs: size.cost,
      speed: fleetSpeed(workers, last?.speed.workerRtfx ?? null),
      outbox,
      keys: await this.#keyReader.read(runs),
      redis,
      sweep,
    };
  }

  async #oldestWaiting(): Promise<Partial<Record<Lane, number>>> {
    const argument = { runStem: this.#keys.runs.stem, limit: OLDEST };
    const flat = (await runScript(this.#redis, 'oldest-waiting', [this.#keys.runs.processing], argument)) as string[];
    const nowMs = Date.now();
    const found: Record<string, number> = {};
    for (let i = 0; i + 1 < flat.length; i += 2) found[flat[i] ?? ''] = Math.max(0, nowMs - Number(flat[i + 1]));
    return found;
  }

  async #outbox(): Promise<ServiceFigures['outbox']> {
    const pipeline = this.#redis.pipeline();
    for (const consumer of OUTBOX_CONSUMERS) {
      pipeline.zcard(this.#keys.outbox.of(consumer)).zrange(this.#keys.outbox.of(consumer), '0', '0', 'WITHSCORES');
    }
    const found = await replies(pipeline);
    const nowMs = Date.now();
    return Object.fromEntries(
      OUTBOX_CONSUMERS.map((consumer, i) => {
        const [, dueMs] = found[2 * i + 1] as string[];
        const overdueMs = dueMs === undefined ? 0 : Math.max(0, nowMs - Number(dueMs));
        return [consumer, { events: Number(found[2 * i]), overdueMs }];
      }),
    );
  }
}

/** null: there are none, or another build took them. */
function readFigures(json: string | null): ServiceFigures | null {
  return json === null ? null : (figuresSchema.safeParse(JSON.parse(json)).data ?? null);
}

function lanesOf(runs: readonly UnfinishedRun[], oldest: Partial<Record<Lane, number>>): ServiceFigures['lanes'] {
  const laneOf = (lane: Lane) => {
    const own = runs.filter((run) => run.lane === lane);
    const audioMs = own.reduce((sum, { cost }) => sum + cost, 0);
    return { runs: own.length, audioMs, oldestWaitingMs: oldest[lane] ?? 0 };
  };
  return { interactive: laneOf('interactive'), batch: laneOf('batch') };
}
