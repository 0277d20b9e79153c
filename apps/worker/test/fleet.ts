import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Container,
  DEFAULT_RUN_OPTIONS,
  type Lane,
  type Run,
  type RunOptions,
  type Transcript,
  type TranscriptionRun,
  type Upload,
} from '@sotto/contracts';
import {
  type AttachInput,
  acceptWork,
  CATALOG,
  connectRedis,
  Heartbeats,
  newRun,
  Producer,
  type QueueSettings,
  Runs,
  Windows,
} from '@sotto/queue';
import { FileBlobStore } from '@sotto/storage';
import {
  filesUnder,
  nanoModelDir,
  type RedisServer,
  startRedis,
  startWorker,
  temporaryFolder,
  type WorkerProcess,
  waitFor,
} from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { storeUpload } from './upload.ts';

/** They are 30 s apart. */
const LONGER_THAN_BETWEEN_SWEEPS_MS = 40_000;

export interface FleetOptions {
  /** Role sets, one worker each; none by default. */
  roles?: string[][];
  modelDir?: string;
  model?: string;
  env?: Record<string, string>;
}

export interface Submission {
  container?: Container;
  options?: Partial<RunOptions>;
  lane?: Lane;
  /** Requests with an equal one share a run. */
  workKey?: string | null;
}

export interface Submitted {
  run: TranscriptionRun;
  requestId: string;
  joined: boolean;
}

/** Greedy, whatever the service's default is: the fastest way to a text. */
const DEFAULTS: RunOptions = { ...DEFAULT_RUN_OPTIONS, beamSize: 1 };

export const DELIVERY = {
  responseFormat: 'json',
  granularity: 'segment',
  async: true,
  priority: null,
  cancelOnDisconnect: false,
  cache: true,
} as const;

/** Real workers on a Redis and a folder of their own, fed through the queue as the API feeds it. */
export class Fleet {
  readonly redis: RedisServer;
  readonly folder: string;
  readonly blobs: FileBlobStore;
  readonly runs: Runs;
  readonly windows: Windows;
  readonly producer: Producer;
  readonly heartbeats: Heartbeats;
  readonly workers: WorkerProcess[] = [];
  readonly #client: Redis;
  readonly #settings: QueueSettings;
  readonly #env: Record<string, string>;

  private constructor(redis: RedisServer, folder: string, env: Record<string, string>) {
    this.redis = redis;
    this.folder = folder;
    this.blobs = new FileBlobStore(join(folder, 'blobs'));
    this.#settings = { prefix: `t${randomBytes(5).toString('hex')}`, resultTtlSeconds: 3600 };
    this.#client = connectRedis(redis.url, 'worker');
    this.runs = new Runs(this.#client, this.#settings);
    this.windows = new Windows(this.#client, this.#settings);
    this.producer = new Producer(this.#client, this.#settings);
    this.heartbeats = new Heartbeats(this.#client, this.#settings);
    this.#env = {
      REDIS_URL: redis.url,
      QUEUE_PREFIX: this.#settings.prefix,
      TEMP_DIR: join(folder, 'blobs'),
      // Blobs are to be gone soon, so that those left behind are found.
      KEEP_AFTER_END: '0',
      LOG_LEVEL: 'DEBUG',
      ...env,
    };
  }

  get prefix(): string {
    return this.#settings.prefix;
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  /** Of a worker with these roles. */
  environment(roles: readonly string[]): Record<string, string> {
    return { ...this.#env, SOTTO_ROLES: roles.join(',') };
  }

  static async start(options: FleetOptions = {}): Promise<Fleet> {
    const fleet = new Fleet(await startRedis(), await temporaryFolder('fleet'), {
      WHISPER_MODEL: options.model ?? 'sotto-nano',
      WHISPER_MODEL_DIR: options.modelDir ?? (await nanoModelDir()),
      ...options.env,
    });
    try {
      await Promise.all((options.roles ?? []).map((roles) => fleet.addWorker(roles)));
      return fleet;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  async addWorker(roles = ['prepare', 'transcribe'], env: Record<string, string> = {}): Promise<WorkerProcess> {
    const worker = await startWorker({ env: { ...this.#env, ...env }, folder: this.folder }, roles);
    this.workers.push(worker);
    return worker;
  }

  async submit(path: string, submission: Submission = {}): Promise<Submitted> {
    const upload = await storeUpload(this.blobs, path, submission.container ?? 'wav');
    const requestId = randomUUID();
    const { run, joined } = await acceptWork(this.runs, this.producer, this.#input(upload, requestId, submission));
    if (joined) await this.blobs.delete(upload.blobKey);
    return { run: asTranscription(run), requestId, joined };
  }

  #input(upload: Upload, requestId: string, submission: Submission): AttachInput {
    return {
      kind: 'transcription',
      workKey: submission.workKey ?? null,
      modelDigest: null,
      requestId,
      input: upload,
      options: { ...DEFAULTS, ...submission.options },
      delivery: DELIVERY,
      lane: submission.lane ?? 'interactive',
      keyId: null,
      fileName: upload.fileName,
      nowMs: Date.now(),
    };
  }

  /** A run nobody works on: what a worker would get, for tests that call a step of it themselves. */
  planOnly(upload: Upload): { run: TranscriptionRun } {
    return { run: asTranscription(newRun(this.#input(upload, randomUUID(), {}), CATALOG)) };
  }

  /** What a completed run made; null: it is not there. */
  async transcript(runId: string): Promise<Transcript | null> {
    const run = await this.runs.run(runId);
    return run === null ? null : this.runs.result<Transcript>(run);
  }

  /** The run once it has ended, however it ended. */
  async ended(runId: string, timeoutMs = 120_000): Promise<TranscriptionRun> {
    let run: Run | null = null;
    await waitFor(
      async () => {
        run = await this.runs.run(runId);
        return run !== null && run.status !== 'processing';
      },
      { what: `run ${runId} to end`, timeoutMs, intervalMs: 20 },
    );
    if (run === null) throw new Error('unreachable');
    return asTranscription(run);
  }

  /** The transcript of a file, through the whole pipeline. */
  async transcribe(path: string, submission: Submission = {}, timeoutMs = 120_000): Promise<Transcript> {
    const { run } = await this.submit(path, submission);
    const { status, error } = await this.ended(run.id, timeoutMs);
    const transcript = await this.transcript(run.id);
    if (transcript === null) throw new Error(`the run ended as ${status}: ${error?.code} ${error?.detail}`);
    return transcript;
  }

  /** As if Redis had come back without its last second: the results stored then are lost, but not that the jobs are done. */
  async loseFromRedis(runId: string, lost: { window: number } | 'plan'): Promise<void> {
    const run = `${this.#settings.prefix}:run:${runId}`;
    if (lost === 'plan') await this.#client.del(`${run}:plan`);
    else await this.#client.multi().hdel(`${run}:windows`, String(lost.window)).hincrby(run, 'windowsDone', -1).exec();
  }

  /** Waits until ended runs have left no blob behind, nor killed workers a file half written: the sweep removes those. */
  async noBlobs(): Promise<void> {
    let files: string[] = [];
    const look = async () => {
      files = await filesUnder(join(this.folder, 'blobs'));
      return files.length === 0;
    };
    await waitFor(look, { what: 'the blobs to go', timeoutMs: LONGER_THAN_BETWEEN_SWEEPS_MS }).catch((cause) => {
      throw new Error(`left behind: ${files.join(', ')}`, { cause });
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map(({ process }) => process.stop()));
    await this.producer.close();
    this.#client.disconnect();
    await this.redis.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** These tests have no other kind. */
export function asTranscription(run: Run | null): TranscriptionRun {
  if (run?.kind !== 'transcription') throw new Error(`not a transcription: ${run?.kind}`);
  return run;
}
