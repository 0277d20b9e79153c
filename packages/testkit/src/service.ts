import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expectDocumentedAnswers } from './answers.ts';
import { type ApiProcess, startApi, startWorker, type WorkerProcess } from './app-process.ts';
import { isAlive } from './child.ts';
import { temporaryFolder } from './folders.ts';
import { filesUnder, lastingKeys, queuesUnder } from './leaks.ts';
import { ownNanoModelDir } from './models.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { waitFor } from './wait-for.ts';

export interface ServiceOptions {
  /** For every process. */
  env?: Record<string, string>;
  apiEnv?: Record<string, string>;
  workerEnv?: Record<string, string>;
  /** 0: none yet. */
  workers?: number;
  /** Role sets, one worker each; wins over `workers`. */
  roles?: string[][];
  /** Folder with the model files; sotto-nano's by default. */
  modelDir?: string;
  /** Name of the model in it. */
  model?: string;
  /** Another checkout, whose API and workers these are (previousBuild). */
  build?: string;
  /** Of all keys in Redis; a random one by default. */
  prefix?: string;
  /** Called when Redis is there and nothing else is: puts what another service has left in its place. */
  begin?: (place: ServicePlace) => Promise<void>;
}

/** What a service keeps its data in. */
export interface ServicePlace {
  redis: RedisServer;
  blobFolder: string;
}

export interface CloseOptions {
  /** The test leaves unfinished work behind on purpose: blobs and keys may stay. Processes never may. */
  leftovers?: boolean;
  /** How long blobs and keys may take to go. */
  timeoutMs?: number;
}

/** BullMQ's name of the queue that only holds a schedule (packages/queue, catalog/queues.ts). */
const SCHEDULE = 'sweeps';
const LEAK_TIMEOUT_MS = 15_000;

/**
 * A whole Sotto of the test's own: redis-server, API and workers as real processes, with random ports, a random key
 * prefix and a folder of its own. `close` stops it and fails when something is left.
 */
export class Service {
  readonly redis: RedisServer;
  readonly prefix: string;
  readonly folder: string;
  readonly apis: ApiProcess[] = [];
  readonly workers: WorkerProcess[] = [];
  private readonly options: ServiceOptions;
  readonly modelDir: string;

  private constructor(redis: RedisServer, folder: string, modelDir: string, options: ServiceOptions) {
    this.redis = redis;
    this.folder = folder;
    this.modelDir = modelDir;
    this.options = options;
    this.prefix = options.prefix ?? `t${randomBytes(5).toString('hex')}`;
  }

  static async start(options: ServiceOptions = {}): Promise<Service> {
    const folder = await temporaryFolder('service');
    const modelDir = options.modelDir ?? (await ownNanoModelDir(folder));
    const service = new Service(await startRedis(), folder, modelDir, options);
    try {
      await options.begin?.(service);
      const roles = options.roles ?? Array.from({ length: options.workers ?? 1 }, () => ['prepare', 'transcribe']);
      await Promise.all([service.addApi(), ...roles.map((of) => service.addWorker({}, of))]);
      await service.sees(roles.length);
      return service;
    } catch (error) {
      await service.close({ leftovers: true });
      throw error;
    }
  }

  /** Of the first API. */
  get url(): string {
    const [api] = this.apis;
    if (api === undefined) throw new Error('This service has no API yet.');
    return api.url;
  }

  get blobFolder(): string {
    return join(this.folder, 'blobs');
  }

  /** `build`: see ServiceOptions; `null` is this checkout. */
  async addApi(env: Record<string, string> = {}, build = this.options.build ?? null): Promise<ApiProcess> {
    const all = this.environment({ ...this.options.apiEnv, ...env });
    const api = await startApi({ env: all, folder: this.folder, build: build ?? undefined });
    this.apis.push(api);
    return api;
  }

  async addWorker(
    env: Record<string, string> = {},
    roles?: string[],
    build = this.options.build ?? null,
  ): Promise<WorkerProcess> {
    const all = this.environment({ ...this.options.workerEnv, ...env });
    const worker = await startWorker({ env: all, folder: this.folder, build: build ?? undefined }, roles);
    this.workers.push(worker);
    return worker;
  }

  /** Stops everything. Unless told otherwise, waits for blobs and keys to go and fails naming those that stay. */
  async close({ leftovers = false, timeoutMs = LEAK_TIMEOUT_MS }: CloseOptions = {}): Promise<void> {
    try {
      if (!leftovers) await this.leavesNothing(timeoutMs);
      await this.stopProcesses();
      await expectDocumentedAnswers();
    } finally {
      await Promise.all([...this.workers, ...this.apis].map(({ process }) => process.kill9()));
      await this.redis.close();
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  private environment(env: Record<string, string>): Record<string, string> {
    return {
      REDIS_URL: this.redis.url,
      QUEUE_PREFIX: this.prefix,
      TEMP_DIR: this.blobFolder,
      // Blobs are to be gone soon, so that those left behind are found.
      KEEP_AFTER_END: '0',
      WHISPER_MODEL: this.options.model ?? 'sotto-nano',
      WHISPER_MODEL_DIR: this.modelDir,
      ENABLE_RATE_LIMIT: 'false',
      ...this.options.env,
      ...env,
    };
  }

  /** The first request would meet a service without workers until their heartbeats have been read. */
  private async sees(workers: number): Promise<void> {
    await waitFor(
      async () => ((await (await fetch(`${this.url}/health`)).json()) as { workers: number }).workers >= workers,
      {
        what: `the API to see ${workers} workers`,
      },
    );
  }

  private async leavesNothing(timeoutMs: number): Promise<void> {
    const client = this.redis.client();
    let left: string[] = [];
    const look = async (): Promise<boolean> => {
      // What was spoken is kept for a day on purpose; that it goes then is tested where that is done.
      const files = (await filesUnder(this.blobFolder)).filter((file) => !file.startsWith('pieces'));
      const lasting = await lastingKeys(client, this.prefix, await queuesUnder(client, this.prefix));
      const keys = lasting.filter((key) => !key.startsWith(`${this.prefix}:${SCHEDULE}:`));
      left = [...files.map((file) => `blob ${file}`), ...keys.map((key) => `key ${key}`)];
      return left.length === 0;
    };
    try {
      await waitFor(look, { what: 'blobs and lasting keys to go', timeoutMs, intervalMs: 100 });
    } catch (cause) {
      throw new Error(`Left behind:\n${left.join('\n')}`, { cause });
    }
  }

  private async stopProcesses(): Promise<void> {
    const running = [...this.workers, ...this.apis].map(({ process }) => process).filter(({ exit }) => exit === null);
    const exits = await Promise.all(running.map(async (child) => ({ child, exit: await child.stop() })));
    for (const { child, exit } of exits) {
      if (exit.code !== 0)
        throw new Error(`${child.name} ended with ${exit.code ?? exit.signal} on SIGTERM.\n${child.tail()}`);
      if (isAlive(child.pid)) throw new Error(`${child.name} (pid ${child.pid}) is still there.`);
    }
  }
}

export function startService(options: ServiceOptions = {}): Promise<Service> {
  return Service.start(options);
}
