import { setTimeout as delay } from 'node:timers/promises';
import {
  BrokenLine,
  type Child,
  type CloseOptions,
  type RedisServer,
  type Service,
  startService,
} from '@sotto/testkit';
import { Clock } from './clock.ts';
import { Disk } from './disk.ts';

/** Long enough for what a killed API had half received to be swept up soon; the shortest that is allowed. */
const CLEANUP_SECONDS = 60;
/** Of each worker. */
const ROLES = ['prepare', 'transcribe', 'speak'];

export interface SiteOptions {
  apis: number;
  workers: number;
  env: Record<string, string>;
}

/** One process with a place in the service; whoever dies is replaced, as a supervisor would. */
export class Post {
  readonly kind: 'api' | 'worker';
  process: Child;
  readonly #start: () => Promise<Child>;

  constructor(kind: 'api' | 'worker', process: Child, start: () => Promise<Child>) {
    this.kind = kind;
    this.process = process;
    this.#start = start;
  }

  /** Ends it so, and puts another in its place after a while. */
  async replace(how: 'SIGKILL' | 'SIGTERM', downMs: number): Promise<void> {
    await (how === 'SIGKILL' ? this.process.kill9() : this.process.stop());
    await delay(downMs);
    this.process = await this.#startAgain();
  }

  /** One that does not become ready within a minute, as while storage is away, is started anew. */
  async #startAgain(tries = 3): Promise<Child> {
    try {
      return await this.#start();
    } catch (error) {
      if (tries === 1) throw error;
      return this.#startAgain(tries - 1);
    }
  }

  /** It neither works nor ends, and knows nothing of it afterwards. */
  async suspend(forMs: number): Promise<void> {
    this.process.signal('SIGSTOP');
    await delay(forMs);
    this.process.signal('SIGCONT');
  }
}

/** What a site stands on. */
interface Ground {
  line: BrokenLine;
  disk: Disk;
  clock: Clock;
}

/**
 * A service whose processes are replaced when they die. Its APIs keep their addresses; Redis has one that can lead to
 * another server, uploads are on a small disk of their own, and there is a clock that can be put forward and back.
 */
export class Site {
  readonly service: Service;
  readonly line: BrokenLine;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly urls: string[] = [];
  readonly posts: Post[] = [];
  /** The master. */
  redis: RedisServer;

  private constructor(service: Service, { line, disk, clock }: Ground) {
    this.service = service;
    this.redis = service.redis;
    this.line = line;
    this.disk = disk;
    this.clock = clock;
  }

  static async open({ apis, workers, env }: SiteOptions): Promise<Site> {
    // Leads nowhere until there is a Redis.
    const ground = {
      line: await BrokenLine.to('http://127.0.0.1:1'),
      disk: await Disk.open(),
      clock: await Clock.open(),
    };
    try {
      const service = await startService({
        env: { ...env, ...ground.clock.env, ...settings(ground.line) },
        roles: Array.from({ length: workers }, () => ROLES),
        begin: async ({ redis, blobFolder }) => {
          ground.line.leadTo(redis.url);
          await ground.disk.appearAs(blobFolder);
        },
      });
      const site = new Site(service, ground);
      await site.#man(apis);
      return site;
    } catch (error) {
      await remove(ground);
      throw error;
    }
  }

  of(kind: 'api' | 'worker'): Post[] {
    return this.posts.filter((post) => post.kind === kind);
  }

  /** See Service.close. */
  async close(options: CloseOptions = {}): Promise<void> {
    try {
      await this.service.close(options);
    } finally {
      await remove(this);
    }
  }

  async #man(apis: number): Promise<void> {
    const { service } = this;
    try {
      for (let i = 1; i < apis; i += 1) await service.addApi();
    } catch (error) {
      await service.close({ leftovers: true });
      throw error;
    }
    for (const { url, process } of service.apis) {
      this.urls.push(url);
      const env = { PORT: new URL(url).port };
      this.posts.push(new Post('api', process, async () => (await service.addApi(env)).process));
    }
    for (const { process } of service.workers) {
      this.posts.push(new Post('worker', process, async () => (await service.addWorker({}, ROLES)).process));
    }
  }
}

const settings = (line: BrokenLine): Record<string, string> => ({
  REDIS_URL: line.url.replace('http:', 'redis:'),
  CLEANUP_INTERVAL: String(CLEANUP_SECONDS),
  // The disk is small.
  MIN_FREE_DISK: String(1024 ** 2),
  LOG_LEVEL: 'WARNING',
});

async function remove({ line, disk, clock }: Ground): Promise<void> {
  await line.close();
  await disk.close();
  await clock.close();
}
