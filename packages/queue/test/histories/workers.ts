import { fileURLToPath, pathToFileURL } from 'node:url';
import { Child, REPOSITORY, type RedisServer, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import type { QueueSettings } from '../../src/index.ts';
import type { ConsumerOptions } from '../consumer-process.ts';

export const assignmentKey = (pid: number): string => `assignment:${pid}`;

const PROGRAM = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
const TSX = pathToFileURL(`${REPOSITORY}/node_modules/tsx/dist/loader.mjs`).href;

/** Worker processes for one history after the other; one more than is needed is being started. */
export class Workers {
  readonly #server: RedisServer;
  readonly #redis: Redis;
  readonly #free: Promise<Child>[] = [];

  constructor(server: RedisServer) {
    this.#server = server;
    this.#redis = server.client();
    this.#free.push(this.#spawn(), this.#spawn());
  }

  /** Resolves when it takes jobs. */
  async take(settings: QueueSettings): Promise<Child> {
    const child = await (this.#free.shift() ?? this.#spawn());
    const options: ConsumerOptions = {
      redisUrl: this.#server.url,
      settings,
      script: { name: String(child.pid), windows: 2, windowMs: 15 },
      graceMs: 20,
      concurrency: { prepare: 2, transcribe: 2, speak: 1 },
    };
    await this.#redis.rpush(assignmentKey(child.pid), JSON.stringify(options));
    await says(child, 'ready');
    return child;
  }

  /** It hands over what it has, and is free for another history. */
  async release(child: Child): Promise<void> {
    child.signal('SIGUSR2');
    await says(child, 'waiting');
    this.#free.push(Promise.resolve(child));
  }

  async kill(child: Child): Promise<void> {
    await child.kill9();
    this.#free.push(this.#spawn());
  }

  async close(): Promise<void> {
    for (const child of this.#free) await (await child).kill9();
  }

  async #spawn(): Promise<Child> {
    const child = await Child.start({
      name: 'worker of histories',
      command: process.execPath,
      args: ['--import', TSX, '--conditions=@sotto/source', PROGRAM, this.#server.url],
      cwd: REPOSITORY,
    });
    await says(child, 'waiting');
    return child;
  }
}

/** Its last line is always what it does now. */
async function says(child: Child, word: 'waiting' | 'ready'): Promise<void> {
  const lastLine = () => child.stdout.split('\n').at(-1) === word;
  await waitFor(() => lastLine() || child.exit !== null, { what: `a worker to be ${word}`, timeoutMs: 60_000 });
  if (child.exit !== null) throw new Error(`A worker ended.\n${child.tail()}`);
}
