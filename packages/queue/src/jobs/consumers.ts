import { ROLES, type Role } from '@sotto/contracts';
import { type Job, type Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { LOCK_DURATION_MS, MAX_STALLED_COUNT, STALLED_INTERVAL_MS, SWEEP_INTERVAL_MS } from '../catalog/jobs.ts';
import { takeTurns } from '../order/turns.ts';
import { connectRedis, disconnect, type RedisAddress } from '../redis/connection.ts';
import { Keys } from '../redis/keys.ts';
import { openQueue } from '../redis/queues.ts';
import { RedisContact } from '../redis/redis-contact.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { Extras } from '../runs/extras.ts';
import { Runs } from '../runs/runs.ts';
import { ActiveJobs } from './active-jobs.ts';
import type { ConsumerEvent } from './consumer-events.ts';
import type { Handlers } from './handlers.ts';
import type { InterruptionCause } from './interruption.ts';
import { Isolation, isSuspect } from './isolation.ts';
import { JobRunner } from './job-runner.ts';
import { type JobData, runIdOf } from './taken-job.ts';

export interface ConsumersDeps {
  redisUrl: RedisAddress;
  settings: QueueSettings;
  roles: readonly Role[];
  handlers: Handlers;
  /**
   * Jobs at once in this process, of each queue of a role. `prepare`: long decodings, and as many runs that are being
   * assembled or are small enough to be prepared by their own job. `transcribe`: windows of the batch lane, and as many
   * of the interactive lane.
   */
  concurrency: Record<Role, number>;
  onEvent(event: ConsumerEvent): void;
  /** Surrounds all that is done, and told by `onEvent`, about a job. */
  around?: JobSurrounding;
  /** A run that has waited longer for something that is away fails. */
  outageLimitMs?: number;
}

export type JobSurrounding = (job: JobData, work: () => Promise<unknown>) => Promise<unknown>;

const HEALTH_LIMIT_MS = 5000;

/** Connects, subscribes, and starts taking jobs of the given roles. */
export async function startConsumers(deps: ConsumersDeps): Promise<Consumers> {
  const consumers = new Consumers(deps);
  try {
    await consumers.start();
    return consumers;
  } catch (error) {
    await consumers.close();
    throw error;
  }
}

/** The jobs of one process. started (takes jobs) -> draining (finishes or hands over) -> closed. */
export class Consumers {
  readonly #deps: ConsumersDeps;
  readonly #keys: Keys;
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #catalog: Catalog;
  readonly #queues: Map<string, Queue>;
  readonly #workers: Worker[] = [];
  readonly #active = new ActiveJobs();
  readonly #isolation = new Isolation({
    active: this.#active,
    workers: this.#workers,
    staysPaused: () => this.#isStopping || this.#isResting || this.#closed !== null,
  });
  readonly #contact: RedisContact;
  #isStopping = false;
  #isResting = false;
  #sweepTimer: NodeJS.Timeout | undefined;
  #closed: Promise<void> | null = null;

  constructor(deps: ConsumersDeps) {
    this.#deps = deps;
    this.#keys = new Keys(deps.settings.prefix);
    const onError = (error: Error) => deps.onEvent({ type: 'error', queue: null, error });
    this.#redis = connectRedis(deps.redisUrl, 'worker', onError);
    this.#subscriber = connectRedis(deps.redisUrl, 'worker', onError);
    this.#contact = new RedisContact({
      redis: this.#redis,
      connect: () => connectRedis(deps.redisUrl, 'worker'),
    });
    this.#catalog = deps.settings.catalog ?? CATALOG;
    const open = (name: string) => openQueue(this.#redis, deps.settings.prefix, name, onError);
    this.#queues = new Map(this.#catalog.queueNames.map((name) => [name, open(name)]));
  }

  async start(): Promise<void> {
    this.#subscriber.on('message', (channel, message) => {
      if (channel === this.#keys.runs.stopped) this.#stopRun(message);
      else this.#deps.onEvent({ type: 'outbox_filled' });
    });
    const { runs, outbox } = this.#keys;
    await this.#subscriber.subscribe(runs.stopped, outbox.notifications, outbox.legacy);
    const runner = new JobRunner({
      runs: new Runs(this.#redis, this.#deps.settings),
      extras: new Extras(this.#redis, this.#deps.settings),
      catalog: this.#catalog,
      queue: (name) => this.#queue(name),
      handlers: this.#deps.handlers,
      takeTurns: (queue, run, count) => takeTurns(this.#redis, this.#keys, queue, run, count),
      onEvent: this.#deps.onEvent,
      ...(this.#deps.outageLimitMs !== undefined && { outageLimitMs: this.#deps.outageLimitMs }),
    });
    for (const role of ROLES.filter((known) => this.#deps.roles.includes(known))) {
      for (const name of this.#catalog.queuesOf(role)) {
        const own = this.#catalog.queue(name).concurrency;
        this.#workers.push(this.#openWorker(name, own ?? this.#deps.concurrency[role], runner));
      }
    }
    await Promise.all(this.#workers.map((worker) => worker.waitUntilReady()));
    if (this.#deps.roles.includes('prepare')) await this.#scheduleSweeps();
    for (const worker of this.#workers) void worker.run();
    if (this.#deps.roles.includes('prepare')) this.#keepSweeps();
  }

  /** Whether jobs can be processed: workers are running and Redis answers. */
  async isHealthy(): Promise<boolean> {
    if (this.#closed !== null || !this.#takesJobs) return false;
    const timedOut = new Promise<false>((resolve) => setTimeout(() => resolve(false), HEALTH_LIMIT_MS).unref());
    return Promise.race([
      this.#redis.ping().then(
        () => true as const,
        () => false as const,
      ),
      timedOut,
    ]);
  }

  /**
   * false: only a new process will take jobs again, as one of its loops has ended or its connection is stuck. An outage
   * of Redis is waited out, and a stop has limits of its own.
   */
  async isAlive(): Promise<boolean> {
    if (this.#isStopping) return true;
    return this.#takesJobs && !(await this.#contact.isStuck());
  }

  /** Or has stopped for a while: to be alone with one of them, or since it was told to. */
  get #takesJobs(): boolean {
    return this.#isolation.isClosed || this.#isResting || this.#workers.every((worker) => worker.isRunning());
  }

  /** Takes no new jobs until `resume`; current ones go on, however long they take. */
  async rest(): Promise<void> {
    this.#isResting = true;
    await Promise.all(this.#workers.map((worker) => worker.pause(true)));
  }

  resume(): void {
    this.#isResting = false;
    if (this.#isStopping || this.#isolation.isClosed) return;
    for (const worker of this.#workers) void worker.resume();
  }

  /**
   * For SIGTERM: takes no new jobs, lets current ones finish for `graceMs`, then hands the rest over to other workers,
   * which start them within milliseconds. Nothing runs twice, and no attempt is counted.
   */
  async drain(graceMs: number): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#sweepTimer);
    if (this.#closed !== null) return this.#closed;
    if (this.#redis.status !== 'ready') {
      this.#closed = this.#abandon();
      return this.#closed;
    }
    await Promise.all(this.#workers.map((worker) => worker.pause(true)));
    const idle = this.#active.whenIdle();
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([idle, grace]);
    clearTimeout(timer);
    this.#interruptAll('shutdown');
    await this.close();
  }

  /**
   * Waits for current jobs, however long they take; then closes every connection, even if closing one of them fails.
   */
  close(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#sweepTimer);
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#contact.close();
    const closing = [
      await Promise.allSettled(this.#workers.map((worker) => worker.close())),
      await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close())),
      await Promise.allSettled([disconnect(this.#subscriber), disconnect(this.#redis)]),
    ].flat();
    const failed = closing.find((step) => step.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Without Redis nothing can be finished or handed over: locks expire, and other workers start the jobs again. */
  async #abandon(): Promise<void> {
    this.#contact.close();
    this.#interruptAll('shutdown');
    for (const redis of [this.#subscriber, this.#redis]) redis.disconnect();
    await Promise.allSettled(this.#workers.map((worker) => worker.close(true)));
  }

  #openWorker(name: string, concurrency: number, runner: JobRunner): Worker {
    // Three declared parameters: BullMQ passes the signal only to a processor that declares it.
    const process = async (job: Job, token: string | undefined, signal: AbortSignal | undefined) => {
      const active = { id: String(job.id), runId: runIdOf(job), worker };
      const around = this.#deps.around ?? ((_, work) => work());
      const run = () => this.#active.during(active, () => around(job, () => runner.run(job, token ?? '', signal)));
      // It had been asked for before the pause.
      if (this.#isolation.isClosed || this.#isResting) return runner.passOn(job, token ?? '');
      return isSuspect(job, this.#catalog) ? this.#isolation.during(run) : run();
    };
    const worker: Worker = new Worker(name, process, {
      connection: this.#redis,
      prefix: this.#deps.settings.prefix,
      concurrency,
      lockDuration: LOCK_DURATION_MS,
      stalledInterval: STALLED_INTERVAL_MS,
      maxStalledCount: MAX_STALLED_COUNT,
      autorun: false,
    });
    const onError = (error: Error) => this.#deps.onEvent({ type: 'error', queue: name, error });
    worker.on('error', onError);
    worker.on('stalled', (jobId) => this.#deps.onEvent({ type: 'stalled', queue: name, jobId }));
    worker.on('failed', (job) => {
      if (job?.finishedOn !== undefined) void runner.failedUnhandled(job).catch(onError);
    });
    worker.on('lockRenewalFailed', (jobIds) => {
      for (const jobId of jobIds) this.#interrupt(worker, jobId, 'lock_lost');
    });
    return worker;
  }

  async #scheduleSweeps(): Promise<void> {
    await this.#queue(this.#catalog.job('sweep').queue).upsertJobScheduler(
      'sweep',
      { every: SWEEP_INTERVAL_MS },
      { name: 'sweep', data: {}, opts: { removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } } },
    );
  }

  /** A Redis that has lost everything has lost their schedule too. */
  #keepSweeps(): void {
    const sweeps = this.#queue(this.#catalog.job('sweep').queue);
    const keep = async () => {
      if ((await sweeps.getJobScheduler('sweep')) === undefined) await this.#scheduleSweeps();
    };
    const onError = (error: Error) => this.#deps.onEvent({ type: 'error', queue: sweeps.name, error });
    this.#sweepTimer = setInterval(() => void keep().catch(onError), SWEEP_INTERVAL_MS).unref();
  }

  #queue(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new Error(`there is no queue ${name}`);
    return queue;
  }

  #stopRun(runId: string): void {
    this.#deps.onEvent({ type: 'run_stopped', runId });
    for (const { id, worker } of this.#active.ofRun(runId)) this.#interrupt(worker, id, 'run_ended');
  }

  #interrupt(worker: Worker, jobId: string, why: InterruptionCause): void {
    worker.cancelJob(jobId, why);
  }

  #interruptAll(why: InterruptionCause): void {
    for (const worker of this.#workers) worker.cancelAllJobs(why);
  }
}
