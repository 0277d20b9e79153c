import { randomUUID } from 'node:crypto';
import type { Transcript } from '@sotto/contracts';
import { type Child, type RedisServer, waitFor } from '@sotto/testkit';
import { Sweeper } from '../../src/index.ts';
import { attachInput, Bench } from '../harness.ts';
import type { Workers } from './workers.ts';

/** What a client sees of its request. */
export type Seen = 'processing' | 'completed' | 'failed' | 'cancelled' | 'expired' | 'unknown';

/** The real thing: the kernel on a Redis, and at most one worker process at a time. */
export class World {
  readonly #bench: Bench;
  readonly #workers: Workers;
  readonly #sweeper: Sweeper;
  #worker: Child | null = null;

  private constructor(bench: Bench, workers: Workers) {
    this.#bench = bench;
    this.#workers = workers;
    this.#sweeper = new Sweeper(bench.redis, bench.settings);
  }

  static async open(server: RedisServer, workers: Workers): Promise<World> {
    return new World(await Bench.open(server), workers);
  }

  /** `isSubmitted` false: whoever accepts it dies between storing its run and adding its job. */
  async submit(work: string, isSubmitted: boolean): Promise<{ requestId: string; runId: string; joined: boolean }> {
    const input = attachInput({ workKey: work, requestId: randomUUID() });
    const { run, joined, priority } = await this.#bench.runs.attach(input);
    if (isSubmitted && run.status === 'processing') await this.#bench.producer.submit(run, priority);
    return { requestId: input.requestId, runId: run.id, joined };
  }

  /** `isFinished` false: whoever cancels it dies between taking the request away and ending its run. */
  async cancel(requestId: string, isFinished: boolean): Promise<void> {
    const { run, last } = await this.#bench.runs.detach(requestId);
    if (isFinished && last && run?.status === 'processing') await this.#bench.producer.cancel(run);
  }

  async see(requestId: string): Promise<Seen> {
    const view = await this.#bench.runs.view(requestId);
    if (view === null) return 'unknown';
    return view === 'expired' ? 'expired' : view.run.status;
  }

  async textOf(requestId: string): Promise<string | null> {
    const view = await this.#bench.runs.view(requestId);
    if (view === null || view === 'expired') return null;
    return (await this.#bench.runs.result<Transcript>(view.run))?.text ?? null;
  }

  /** As if the retention of a run that has ended, and of its requests, had passed. */
  async expire(runId: string, work: string, requestIds: readonly string[]): Promise<void> {
    const { redis, settings } = this.#bench;
    const run = await redis.keys(`${settings.prefix}:run:${runId}*`);
    const requests = requestIds.map((id) => `${settings.prefix}:request:${id}`);
    await redis.del(...run, ...requests, `${settings.prefix}:work:${work}`);
  }

  async startWorker(): Promise<void> {
    this.#worker ??= await this.#workers.take(this.#bench.settings);
  }

  /** SIGKILL; and then as if the time had passed after which others notice. */
  async killWorker(): Promise<void> {
    if (this.#worker !== null) await this.#workers.kill(this.#worker);
    this.#worker = null;
    const { redis, settings } = this.#bench;
    const locks = await redis.keys(`${settings.prefix}:*:lock`);
    const checks = await redis.keys(`${settings.prefix}:*:stalled-check`);
    if (locks.length + checks.length > 0) await redis.del(...locks, ...checks);
    for (const active of await redis.keys(`${settings.prefix}:*:active`)) {
      const ids = await redis.lrange(active, 0, -1);
      if (ids.length > 0) await redis.sadd(active.replace(/active$/, 'stalled'), ...ids);
    }
  }

  /** As on SIGTERM: it hands over what it has. */
  async stopWorker(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    if (worker !== null) await this.#workers.release(worker);
  }

  async sweep(): Promise<void> {
    await this.#sweeper.sweep(0);
  }

  /** Everything is worked off, and repaired first; what stays for ever is returned. */
  async settle(): Promise<string[]> {
    await this.startWorker();
    const isIdle = async () => {
      await this.sweep();
      const { runs, queues } = await this.#bench.producer.counts();
      const { sweeps: _, ...ours } = queues;
      return runs === 0 && Object.values(ours).every((queue) => queue.waiting + queue.active + queue.suspended === 0);
    };
    await waitFor(isIdle, { what: 'all work to end', timeoutMs: 60_000 });
    return this.#bench.lasting();
  }

  async close(): Promise<void> {
    await this.stopWorker();
    await this.#sweeper.close();
    await this.#bench.close();
  }
}
