import { randomUUID } from 'node:crypto';
import { DEFAULT_RUN_OPTIONS, type Run, type RunOptions, type Segment, type WindowResult } from '@sotto/contracts';
import { lastingKeys, type RedisServer, startRedis } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { QUEUE_NAMES } from '../src/catalog/queues.ts';
import { connectRedis, Producer, type QueueSettings, RunEvents, Runs, Windows } from '../src/index.ts';
import type { AttachInputOf } from '../src/runs/attachment.ts';

/** A redis-server for each file, and for each test a prefix of its own with all that uses it. */
export class Bench {
  readonly server: RedisServer;
  readonly settings: QueueSettings;
  readonly redis: Redis;
  readonly subscriber: Redis;
  readonly runs: Runs;
  readonly windows: Windows;
  readonly producer: Producer;
  readonly events: RunEvents;

  private constructor(server: RedisServer, settings: QueueSettings, redis: Redis, subscriber: Redis) {
    this.server = server;
    this.settings = settings;
    this.redis = redis;
    this.subscriber = subscriber;
    this.runs = new Runs(redis, settings);
    this.windows = new Windows(redis, settings);
    this.producer = new Producer(redis, settings);
    this.events = new RunEvents(redis, subscriber, settings);
  }

  static async open(server: RedisServer, settings: Partial<QueueSettings> = {}): Promise<Bench> {
    const redis = connectRedis(server.url, 'api');
    await new Promise((resolve) => redis.once('ready', resolve));
    const subscriber = connectRedis(server.url, 'worker');
    const full = { prefix: `test-${randomUUID()}`, resultTtlSeconds: 60, ...settings };
    return new Bench(server, full, redis, subscriber);
  }

  /** Accepts one piece of work: attached and submitted. */
  async accept(input: Partial<TranscriptionInput> = {}) {
    const attached = await this.runs.attach(attachInput(input));
    await this.producer.submit(attached.run, attached.priority);
    return attached;
  }

  /** Keys under our prefix that would never expire, without the schedule of sweeps, which is meant to stay. */
  async lasting(): Promise<string[]> {
    const keys = await lastingKeys(this.redis, this.settings.prefix, QUEUE_NAMES);
    return keys.filter((key) => !key.startsWith(`${this.settings.prefix}:sweeps:`));
  }

  async close(): Promise<void> {
    await this.producer.close();
    this.redis.disconnect();
    this.subscriber.disconnect();
  }
}

export { startRedis };

export const RUN_OPTIONS: RunOptions = DEFAULT_RUN_OPTIONS;

export type TranscriptionInput = AttachInputOf<'transcription'>;

export function attachInput(input: Partial<TranscriptionInput> = {}): TranscriptionInput {
  return {
    kind: 'transcription',
    workKey: randomUUID(),
    modelDigest: null,
    requestId: randomUUID(),
    input: { blobKey: 'uploads/1', sha256: 'a'.repeat(64), bytes: 1, container: 'wav', fileName: 'a/b "ü".wav' },
    options: RUN_OPTIONS,
    delivery: {
      responseFormat: 'json',
      granularity: 'segment',
      async: true,
      priority: null,
      cancelOnDisconnect: false,
      cache: true,
    },
    lane: 'interactive',
    keyId: null,
    fileName: 'a/b "ü".wav',
    nowMs: Date.now(),
    ...input,
  };
}

export function segment(id: number, text: string, startMs: number): Segment {
  return {
    id,
    startMs,
    endMs: startMs + 100,
    text,
    confidence: 0.9,
    avgLogprob: -0.1,
    noSpeechProb: 0.01,
    compressionRatio: 1,
    temperature: 0,
    tokens: [1, 2],
    words: [],
    flags: [],
  };
}

/** Window `index` with these texts, 29 s after the previous one. */
export function windowResult(index: number, texts: readonly string[]): WindowResult {
  const segments = texts.map((text, i) => segment(i, text, index * 29_000 + i * 100));
  return { index, language: 'en', languageProbability: null, segments, dropped: [], engineMs: 5 };
}

export function planOf(windows: number) {
  return {
    audioKey: 'audio/1',
    durationMs: windows * 29_000,
    speechMs: windows * 29_000,
    windows: Array.from({ length: windows }, (_, index) => ({
      index,
      spans: [{ startMs: index * 29_000, endMs: (index + 1) * 29_000 }],
    })),
    warnings: [],
  };
}

export function transcriptOf(text: string) {
  return {
    text,
    language: 'en',
    languageProbability: 0.9,
    durationMs: 1000,
    segments: [segment(0, text, 0)],
    dropped: [],
    model: 'tiny',
    task: 'transcribe' as const,
    processingMs: 10,
    warnings: [],
  };
}

/** What the life cycle needs to know of a transcription. */
export const asRun = (id: string) => ({ id, kind: 'transcription' as const });

/** Its place in the queue while it waits for its first turn; 1 is next. */
export async function positionOf(bench: Bench, run: Pick<Run, 'id'>): Promise<number | null> {
  const [requestId = ''] = await bench.redis.smembers(`${bench.settings.prefix}:run:${run.id}:requests`);
  const view = await bench.runs.view(requestId);
  return view === null || view === 'expired' ? null : view.position;
}

/** A linear congruential generator: the same numbers for the same seed, which a failure shows. */
export function seeded(seed: number): () => number {
  let state = seed % 2 ** 32;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
