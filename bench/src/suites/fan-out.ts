import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { DEFAULT_RUN_OPTIONS, type Run } from '@sotto/contracts';
import { type AttachInput, acceptWork, Producer, RunEvents, Runs } from '@sotto/queue';
import { Child, REPOSITORY, RedisServer, waitFor } from '@sotto/testkit';
import type { PretendOptions } from '../fan-out/pretend-worker.ts';
import type { BenchOptions } from '../options.ts';
import { ms, type Report } from '../table.ts';

const WORKER = fileURLToPath(new URL('../fan-out/pretend-worker.ts', import.meta.url));
const TSX = createRequire(import.meta.url).resolve('tsx');
const PREFIX = 'bench';
const WINDOWS_PER_SLOT = 20;
/** 16 hours of speech. */
const LONGEST_WINDOWS = 2_000;
const SLOTS_PER_PROCESS = 50;
const WINDOW_SECONDS = 29;
/** Of one slot: what tiny.en reaches on two cores with eight of them, or a large model on a GPU with many. */
const SLOT_RTFX = 10;

interface Outcome {
  slots: number;
  recordings: number;
  windows: number;
  idealMs: number;
  tookMs: number;
  /** Share of one core that redis-server took meanwhile. */
  redisShare: number;
}

/** How much of a fleet's slots one Redis keeps busy: the queue and its workers are real, the engine only waits. */
export async function fanOut({ isSmall }: BenchOptions): Promise<Report> {
  const sizes = isSmall ? [1, 10] : [1, 10, 100, 1000];
  const windowMs = isSmall ? 300 : (WINDOW_SECONDS * 1000) / SLOT_RTFX;
  const outcomes: Outcome[] = [];
  for (const slots of sizes) {
    process.stderr.write(`  ${slots} slots\n`);
    outcomes.push(await measure(slots, windowMs));
  }
  return {
    title: 'How many slots one Redis keeps busy',
    method: [
      `${WINDOWS_PER_SLOT} windows for each slot, in recordings of up to ${LONGEST_WINDOWS} windows (16 h). The queue, its workers and Redis are real;`,
      `the engine only waits ${ms(windowMs)}, as a slot of ${SLOT_RTFX} times real time would take for ${WINDOW_SECONDS} s. Workers have up to`,
      `${SLOTS_PER_PROCESS} slots; all of them, Redis and this program share the processors of one machine. Ideal: the time of the windows divided by`,
      'the slots. Took: from the first submission to the last transcript.',
    ].join(' '),
    columns: ['slots', 'recordings', 'windows', 'ideal', 'took', 'ideal / took', 'Redis, of one core'],
    rows: outcomes.map((outcome) => [
      String(outcome.slots),
      String(outcome.recordings),
      String(outcome.windows),
      ms(outcome.idealMs),
      ms(outcome.tookMs),
      percent(outcome.idealMs / outcome.tookMs),
      percent(outcome.redisShare),
    ]),
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

async function measure(slots: number, windowMs: number): Promise<Outcome> {
  const redis = await RedisServer.start();
  const workers: Child[] = [];
  try {
    const recordings = Math.ceil((slots * WINDOWS_PER_SLOT) / LONGEST_WINDOWS);
    const windows = (slots * WINDOWS_PER_SLOT) / recordings;
    for (let left = slots; left > 0; left -= SLOTS_PER_PROCESS) {
      const own = Math.min(left, SLOTS_PER_PROCESS);
      workers.push(await startWorker({ redisUrl: redis.url, prefix: PREFIX, slots: own, windows, windowMs }));
    }
    const cpuBefore = await cpuSeconds(redis);
    const tookMs = await transcribeAll(redis, recordings);
    return {
      slots,
      recordings,
      windows: windows * recordings,
      idealMs: WINDOWS_PER_SLOT * windowMs,
      tookMs,
      redisShare: ((await cpuSeconds(redis)) - cpuBefore) / (tookMs / 1000),
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await redis.close();
  }
}

async function startWorker(options: PretendOptions): Promise<Child> {
  const worker = await Child.start({
    name: 'a worker without an engine',
    command: process.execPath,
    args: ['--import', TSX, '--conditions=@sotto/source', WORKER, JSON.stringify(options)],
    cwd: REPOSITORY,
  });
  await waitFor(() => worker.output.includes('ready'), { what: 'a worker to be ready', timeoutMs: 60_000 });
  return worker;
}

async function transcribeAll(redis: RedisServer, recordings: number): Promise<number> {
  const client = redis.client();
  const settings = { prefix: PREFIX, resultTtlSeconds: 3600 };
  const runs = new Runs(client, settings);
  const producer = new Producer(client, settings);
  const events = new RunEvents(client, redis.client(), settings);
  const startedAt = performance.now();
  const accepted = await Promise.all(Array.from({ length: recordings }, () => acceptWork(runs, producer, newInput())));
  const ends = await Promise.all(accepted.map(({ run }) => events.waitForEnd(run.id, new AbortController().signal)));
  const tookMs = performance.now() - startedAt;
  await producer.close();
  const failed = ends.find((run): run is Run => run?.status !== 'completed');
  if (failed !== undefined) throw new Error(`A recording ended as ${failed?.status}.`);
  return tookMs;
}

function newInput(): AttachInput {
  return {
    kind: 'transcription',
    workKey: null,
    modelDigest: null,
    requestId: randomUUID(),
    input: { blobKey: 'uploads/00/none', sha256: '0'.repeat(64), bytes: 1, container: 'mp3', fileName: 'talk.mp3' },
    options: { ...DEFAULT_RUN_OPTIONS, language: 'en' },
    delivery: {
      responseFormat: 'json',
      granularity: 'segment',
      async: true,
      priority: null,
      cancelOnDisconnect: false,
      cache: true,
    },
    lane: 'batch',
    keyId: null,
    fileName: 'talk.mp3',
    nowMs: Date.now(),
  };
}

async function cpuSeconds(redis: RedisServer): Promise<number> {
  const info = await redis.client().info('cpu');
  return ['user', 'sys'].reduce(
    (sum, kind) => sum + Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)?.[1]),
    0,
  );
}
