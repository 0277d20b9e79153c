import { type Run, WAIT_CAUSES, type WaitCause } from '@sotto/contracts';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { laneOfFirstTurn, queueOf, workQueueNames } from '../order/lane.ts';
import { changePriorities, waitingChildrenOf } from '../order/places.ts';
import { ASSEMBLE_PRIORITY } from '../order/priorities.ts';
import { takeTurns } from '../order/turns.ts';
import { reach } from '../redis/faults.ts';
import { driverJobId, extraJobId } from '../redis/ids.ts';
import { Keys } from '../redis/keys.ts';
import { FailFastQueue, jobOptions, packPayload } from '../redis/queues.ts';
import type { QueueSettings } from '../redis/settings.ts';
import type { Attached } from '../runs/attachment.ts';
import { Extras } from '../runs/extras.ts';
import { Runs } from '../runs/runs.ts';
import { removeJobsOf } from './removal.ts';

export interface QueueCount {
  waiting: number;
  active: number;
  /** Waiting for its next attempt, or handed back. */
  delayed: number;
  /** Waiting for children. */
  suspended: number;
}

export interface QueueCounts {
  /** Runs in processing, whatever they are waiting for. */
  runs: number;
  /** Runs that wait for their first turn. */
  waiting: number;
  /** Jobs of runs that are being processed now. */
  active: number;
  /** Runs that wait for something that is away. */
  waitingFor: Record<WaitCause, number>;
  /** By name. */
  queues: Record<string, QueueCount>;
}

/** Adds the jobs of runs to their queues, and removes them. Works without any living worker. */
export class Producer {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #runs: Runs;
  readonly #extras: Extras;
  readonly #catalog: Catalog;
  readonly #queues: Map<string, FailFastQueue>;

  constructor(redis: Redis, settings: QueueSettings, onError: (error: Error) => void = () => {}) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#runs = new Runs(redis, settings);
    this.#extras = new Extras(redis, settings);
    this.#catalog = settings.catalog ?? CATALOG;
    const open = (name: string) => new FailFastQueue(redis, settings.prefix, name, onError);
    this.#queues = new Map(this.#catalog.queueNames.map((name) => [name, open(name)]));
  }

  /**
   * Idempotent: a run has one job, however often it is submitted.
   *
   * @param turn the turn of its key, if one has been taken; null: takes one.
   */
  async submit(run: Run, turn: Attached['priority'] = null): Promise<void> {
    const { driver } = this.#catalog.run(run.kind);
    const priority = turn ?? (await this.#turnOf(run));
    await this.#drivers(run).use((queue) =>
      queue.add(driver, packPayload(driver, { runId: run.id }, this.#catalog), {
        ...jobOptions(driver, this.#catalog),
        jobId: driverJobId(run.id),
        priority,
      }),
    );
  }

  async #turnOf(run: Run): Promise<number> {
    const place = { keyId: run.keyId, lane: laneOfFirstTurn(run, this.#catalog) };
    const queue = this.#catalog.driverQueue(run.kind);
    const [priority = 1] = await takeTurns(this.#redis, this.#keys, queue, place, 1);
    return priority;
  }

  /**
   * Adds the job of an extra of a completed run, or adds it again where it failed; nothing else is repeated. `pending`: its
   * job is there and goes on. `no`: the extra exists already, or the run is gone.
   *
   * @param again makes an extra that exists anew
   */
  async askExtra(run: Run, kind: string, payload: unknown, again = false): Promise<'asked' | 'pending' | 'no'> {
    const definition = this.#catalog.job(kind);
    const isAllowed = this.#catalog.run(run.kind).extras.includes(kind);
    if (!isAllowed || definition.onFailure === 'fail_run') throw new Error(`${kind} is no extra of a ${run.kind}`);
    const state = await this.#extras.ask(run.id, kind, definition.onFailure.warn, again);
    if (state === 'done' || state === 'gone') return 'no';
    const name = queueOf(kind, run.lane, this.#catalog);
    const jobId = extraJobId(run.id, kind, state.asked);
    if (await this.#queue(name).use((queue) => isUnderWay(queue, jobId))) return 'pending';
    const [priority = 1] = await takeTurns(this.#redis, this.#keys, name, run, 1);
    await this.#queue(name).use((queue) =>
      queue.add(kind, packPayload(kind, payload, this.#catalog), {
        ...jobOptions(kind, this.#catalog),
        jobId,
        priority,
      }),
    );
    return 'asked';
  }

  /**
   * Moves the waiting jobs of a run to the front, into the lane that the run has come into. Jobs that are being added
   * at the moment keep their priority, and all stay in their queue: a child job cannot change it, and the first job of
   * a queue is always next.
   */
  async moveUp(run: Run): Promise<void> {
    await this.#drivers(run).use(async (drivers) => {
      const job = await drivers.getJob(driverJobId(run.id));
      if (job === undefined) return;
      const own = this.#catalog.driverQueue(run.kind);
      if (job.priority !== ASSEMBLE_PRIORITY) await this.#reprioritize(own, [driverJobId(run.id)], run);
      for (const [name, jobIds] of await waitingChildrenOf(job, this.#catalog))
        await this.#reprioritize(name, jobIds, run);
    });
  }

  async #reprioritize(name: string, jobIds: readonly string[], run: Run): Promise<void> {
    if (jobIds.length === 0) return;
    const priorities = await takeTurns(this.#redis, this.#keys, name, run, jobIds.length);
    await this.#queue(name).use((queue) => changePriorities(queue, jobIds, priorities));
  }

  /** Ends the run, notifies its workers, and removes its waiting jobs. false: it had ended before. */
  async cancel(run: Pick<Run, 'id' | 'kind'>): Promise<boolean> {
    const cancelled = await this.#runs.cancel(run);
    await this.#drivers(run).use((queue) => removeJobsOf(queue, run.id));
    return cancelled;
  }

  async counts(): Promise<QueueCounts> {
    const names = this.#catalog.queueNames;
    const [runs, waitingFor, ...counts] = await reach(
      Promise.all([
        this.#redis.zcard(this.#keys.runs.processing),
        this.#waitingFor(),
        ...names.map((name) => this.#queue(name).use(countOf)),
      ]),
    );
    const queues = Object.fromEntries(names.map((name, i) => [name, counts[i] ?? EMPTY]));
    const sum = (of: readonly string[], state: keyof QueueCount) =>
      of.reduce((all, name) => all + (queues[name]?.[state] ?? 0), 0);
    return {
      runs,
      waitingFor,
      waiting: sum(this.#firstQueues(), 'waiting'),
      active: sum(workQueueNames(this.#catalog), 'active'),
      queues,
    };
  }

  async #waitingFor(): Promise<Record<WaitCause, number>> {
    const sizes = await Promise.all(WAIT_CAUSES.map((cause) => this.#redis.scard(this.#keys.runs.waiting(cause))));
    return Object.fromEntries(WAIT_CAUSES.map((cause, i) => [cause, sizes[i]])) as Record<WaitCause, number>;
  }

  /** Queues in which runs wait for their first turn. */
  #firstQueues(): string[] {
    const names = this.#catalog.runKinds.flatMap((kind) => {
      const first = this.#catalog.run(kind).firstSteps.map(({ job }) => this.#catalog.job(job).queue);
      return [this.#catalog.driverQueue(kind), ...first];
    });
    return [...new Set(names)];
  }

  #drivers(run: Pick<Run, 'kind'>): FailFastQueue {
    return this.#queue(this.#catalog.driverQueue(run.kind));
  }

  #queue(name: string): FailFastQueue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new Error(`there is no queue ${name}`);
    return queue;
  }

  /** The connection stays open: it is the caller's. */
  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }
}

const EMPTY: QueueCount = { waiting: 0, active: 0, delayed: 0, suspended: 0 };

async function countOf(queue: Queue): Promise<QueueCount> {
  const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'waiting-children');
  return {
    waiting: (counts.wait ?? 0) + (counts.prioritized ?? 0),
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    suspended: counts['waiting-children'] ?? 0,
  };
}

/**
 * Whether a job is there and goes on. One that has ended although its end is not known (Redis has lost it) gives way, and one
 * that is not there was never added: its caller died.
 */
async function isUnderWay(queue: Queue, jobId: string): Promise<boolean> {
  const state = await queue.getJobState(jobId);
  if (state === 'completed' || state === 'failed') await queue.remove(jobId);
  return state !== 'completed' && state !== 'failed' && state !== 'unknown';
}
