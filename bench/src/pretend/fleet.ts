import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { acceptWork, Producer, RunEvents, Runs } from '@sotto/queue';
import { Child, REPOSITORY, RedisServer, waitFor } from '@sotto/testkit';
import { newInput } from '../new-input.ts';
import type { PretendOptions } from './worker.ts';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));
const TSX = createRequire(import.meta.url).resolve('tsx');
const PREFIX = 'bench';
const SLOTS_PER_WORKER = 50;

export type FleetOptions = Omit<PretendOptions, 'redisUrl' | 'prefix'>;

/** A Redis with workers whose engine only waits, and a client of their queue. `close` ends all of them. */
export class PretendFleet {
  readonly redis: RedisServer;
  readonly #workers: Child[] = [];
  readonly #runs: Runs;
  readonly #producer: Producer;
  readonly #events: RunEvents;

  private constructor(redis: RedisServer, resultTtlSeconds: number) {
    const client = redis.client();
    const settings = { prefix: PREFIX, resultTtlSeconds };
    this.redis = redis;
    this.#runs = new Runs(client, settings);
    this.#producer = new Producer(client, settings);
    this.#events = new RunEvents(client, redis.client(), settings);
  }

  static async start({ slots, ...options }: FleetOptions): Promise<PretendFleet> {
    const fleet = new PretendFleet(await RedisServer.start(), options.resultTtlSeconds);
    try {
      for (let left = slots; left > 0; left -= SLOTS_PER_WORKER) {
        await fleet.#addWorker({ ...options, slots: Math.min(left, SLOTS_PER_WORKER) });
      }
      return fleet;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  /** Submits a recording; resolves with its transcript. @throws Error when it does not complete */
  async transcribe(): Promise<void> {
    const { run } = await acceptWork(this.#runs, this.#producer, newInput());
    const end = await this.#events.waitForEnd(run.id, new AbortController().signal);
    if (end?.status !== 'completed') throw new Error(`A recording ended as ${end?.status}.`);
  }

  /** A figure of redis-server, such as `used_memory`. */
  async info(section: string, name: string): Promise<number> {
    const answer = await this.redis.client().info(section);
    return Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(answer)?.[1]);
  }

  async close(): Promise<void> {
    await this.#producer.close();
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.redis.close();
  }

  async #addWorker(options: FleetOptions): Promise<void> {
    const given: PretendOptions = { ...options, redisUrl: this.redis.url, prefix: PREFIX };
    const worker = await Child.start({
      name: 'a worker without an engine',
      command: process.execPath,
      args: ['--import', TSX, '--conditions=@sotto/source', WORKER, JSON.stringify(given)],
      cwd: REPOSITORY,
    });
    this.#workers.push(worker);
    await waitFor(() => worker.output.includes('ready'), { what: 'a worker to be ready', timeoutMs: 60_000 });
  }
}
