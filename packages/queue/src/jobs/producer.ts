import type { Run } from '@sotto/contracts';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { perQueue, QUEUE_NAMES, type QueueName } from '../catalog/queues.ts';
import { laneOfFirstTurn } from '../order/backlog.ts';
import { CHILD_QUEUE_NAMES, WORK_QUEUE_NAMES } from '../order/lane.ts';
import { changePriorities, waitingChildrenOf } from '../order/places.ts';
import { ASSEMBLE_PRIORITY } from '../order/priorities.ts';
import { takeTurns } from '../order/turns.ts';
import { reach, replies } from '../redis/connection.ts';
import { Keys, prepareJobId, transcribeJobId } from '../redis/keys.ts';
import { jobOptions, parsePayload, QueueDoor } from '../redis/queues.ts';
import type { QueueSettings } from '../redis/settings.ts';
import type { Attached } from '../runs/attachment.ts';
import { Runs } from '../runs/runs.ts';
import { removeJobsOf } from './removal.ts';

export interface QueueCount {
  waiting: number;
  active: number;
  /** Before its next try. */
  delayed: number;
  /** Waiting for children. */
  suspended: number;
}

export interface QueueCounts {
  /** Runs in processing, whatever they wait for. */
  runs: number;
  /** Runs whose first turn has not come. */
  waiting: number;
  /** Jobs at work now: runs being driven or prepared, and windows. */
  active: number;
  queues: Record<QueueName, QueueCount>;
}

/** Puts runs into the queue and takes them out again. Needs no worker to be alive. */
export class Producer {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #runs: Runs;
  readonly #queues: Record<QueueName, QueueDoor>;

  constructor(redis: Redis, settings: QueueSettings, onError: (error: Error) => void = () => {}) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#runs = new Runs(redis, settings);
    this.#queues = perQueue((name) => new QueueDoor(redis, settings.prefix, name, onError));
  }

  /**
   * Idempotent: a run has one job, whoever submits it how often.
   *
   * @param turn of its key, where it was taken; null: takes one.
   */
  async submit(run: Run, turn: Attached['priority'] = null): Promise<void> {
    const priority = turn ?? (await this.#turnOf(run));
    await this.#queues.transcriptions.use((queue) =>
      queue.add('transcribe', parsePayload('transcribe', { runId: run.id }), {
        ...jobOptions('transcribe'),
        jobId: transcribeJobId(run.id),
        priority,
      }),
    );
  }

  async #turnOf(run: Run): Promise<number> {
    const place = { keyId: run.keyId, lane: laneOfFirstTurn(run) };
    const [priority = 1] = await takeTurns(this.#redis, this.#keys, 'transcriptions', place, 1);
    return priority;
  }

  /**
   * Gives the waiting jobs of a run places in the lane it has come into. Those being added meanwhile keep theirs, and all
   * stay in their queue: a job that others wait for cannot change it, and the first of the queue is next.
   */
  async moveUp(run: Run): Promise<void> {
    await this.#queues.transcriptions.use(async (transcriptions) => {
      const job = await transcriptions.getJob(transcribeJobId(run.id));
      if (job === undefined) return;
      if (job.priority !== ASSEMBLE_PRIORITY) await this.#replace('transcriptions', [transcribeJobId(run.id)], run);
      const waiting = await waitingChildrenOf(job);
      for (const name of CHILD_QUEUE_NAMES) await this.#replace(name, waiting[name], run);
    });
  }

  async #replace(name: QueueName, jobIds: readonly string[], run: Run): Promise<void> {
    if (jobIds.length === 0) return;
    const priorities = await takeTurns(this.#redis, this.#keys, name, run, jobIds.length);
    await this.#queues[name].use((queue) => changePriorities(queue, jobIds, priorities));
  }

  /** Ends the run, tells the workers at it, and takes its waiting jobs out. false: it had ended before. */
  async cancel(runId: string): Promise<boolean> {
    const cancelled = await this.#runs.cancel(runId);
    await this.#queues.transcriptions.use((queue) => removeJobsOf(queue, runId));
    return cancelled;
  }

  /** 1: next. null: it does not wait for its first turn. A RequestView has it already. */
  async position(run: Run): Promise<number | null> {
    if (run.status !== 'processing' || run.stage !== 'queued') return null;
    const [waiting, rank, preparing] = await replies(
      this.#redis
        .pipeline()
        .llen(this.#keys.waiting('transcriptions'))
        .zrank(this.#keys.prioritized('transcriptions'), transcribeJobId(run.id))
        .zrank(this.#keys.prioritized('preparations'), prepareJobId(run.id)),
    );
    if (typeof preparing === 'number') return preparing + 1;
    return typeof rank === 'number' ? Number(waiting) + rank + 1 : null;
  }

  async counts(): Promise<QueueCounts> {
    const [runs, ...counts] = await reach(
      Promise.all([
        this.#redis.zcard(this.#keys.processing),
        ...QUEUE_NAMES.map(async (name) => [name, await this.#queues[name].use(countOf)] as const),
      ]),
    );
    const queues = Object.fromEntries(counts) as Record<QueueName, QueueCount>;
    return {
      runs,
      waiting: queues.transcriptions.waiting + queues.preparations.waiting,
      active: WORK_QUEUE_NAMES.reduce((sum, name) => sum + queues[name].active, 0),
      queues,
    };
  }

  /** The connection stays open: it is the caller's. */
  async close(): Promise<void> {
    await Promise.all(QUEUE_NAMES.map((name) => this.#queues[name].close()));
  }
}

async function countOf(queue: Queue): Promise<QueueCount> {
  const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'waiting-children');
  return {
    waiting: (counts.wait ?? 0) + (counts.prioritized ?? 0),
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    suspended: counts['waiting-children'] ?? 0,
  };
}
