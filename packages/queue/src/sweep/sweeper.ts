import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Batches } from '../batches/batches.ts';
import { Producer } from '../jobs/producer.ts';
import { removeJobsOf } from '../jobs/removal.ts';
import { reach } from '../redis/connection.ts';
import { Keys, transcribeJobId } from '../redis/keys.ts';
import { openQueue } from '../redis/queues.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { Runs } from '../runs/runs.ts';
import { ResumableUploads } from '../uploads/resumable-uploads.ts';
import { sweepBatches } from './batch-sweep.ts';

/** A run this young may simply not be submitted yet. */
const GRACE_MS = 10_000;

/** Children looked at, of a run that waits for them. */
const SAMPLE = 200;

export interface SweepReport {
  /** Their job, or one of its windows, had vanished, or was done when Redis lost their end; it is there again. */
  resubmitted: string[];
  /** Their job had failed without ending them. */
  failed: string[];
  /** No request is left that could ask for them. */
  cancelled: string[];
  /** Uploads of batches that were never accepted. */
  abandonedBlobKeys: string[];
  /** Blobs that runs in processing need (uploads, decoded audio) and pieces of uploads; anything else old is left over. */
  blobKeysInUse: Set<string>;
}

/** Mends what a killed process leaves: every run in `processing` has a job that will end it. Harmless to repeat. */
export class Sweeper {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #runs: Runs;
  readonly #batches: Batches;
  readonly #producer: Producer;
  readonly #transcriptions: Queue;
  readonly #uploads: ResumableUploads;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#runs = new Runs(redis, settings);
    this.#batches = new Batches(redis, settings);
    this.#producer = new Producer(redis, settings);
    this.#uploads = new ResumableUploads(redis, settings);
    this.#transcriptions = openQueue(redis, settings.prefix, 'transcriptions', () => {});
  }

  /** `graceMs`: runs younger than this are left alone. */
  async sweep(graceMs = GRACE_MS): Promise<SweepReport> {
    const report: SweepReport = {
      resubmitted: [],
      failed: [],
      cancelled: [],
      abandonedBlobKeys: [],
      blobKeysInUse: new Set(),
    };
    report.abandonedBlobKeys = await sweepBatches(this.#batches, this.#runs, this.#producer);
    // Before the runs: what is not held any more then has its run.
    for (const key of await this.#batches.heldBlobKeys()) report.blobKeysInUse.add(key);
    const runIds = await reach(this.#redis.zrange(this.#keys.processing, '0', '-1'));
    for (const runId of runIds) await this.#mend(runId, graceMs, report);
    for (const blobKey of await this.#uploads.blobKeysInUse()) report.blobKeysInUse.add(blobKey);
    return report;
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.close(), this.#transcriptions.close()]);
  }

  async #mend(runId: string, graceMs: number, report: SweepReport): Promise<void> {
    // The job's state before the run's: a job that ends in between has ended its run by the time that is read.
    const state = await reach(this.#transcriptions.getJobState(transcribeJobId(runId)));
    const run = await this.#runs.run(runId);
    if (run === null) {
      await reach(this.#redis.zrem(this.#keys.processing, runId));
      return;
    }
    if (run.status !== 'processing') return;
    report.blobKeysInUse.add(run.upload.blobKey);
    const plan = await this.#runs.plan(runId);
    if (plan !== null) report.blobKeysInUse.add(plan.audioKey);
    if (Date.now() - run.createdAtMs < graceMs) return;

    if ((await reach(this.#redis.scard(this.#keys.requestsOf(runId)))) === 0) {
      await this.#producer.cancel(runId);
      report.cancelled.push(runId);
    } else if (await this.#hasNothingThatEndsIt(runId, state)) {
      await reach(removeJobsOf(this.#transcriptions, runId));
      await this.#producer.submit(run);
      report.resubmitted.push(runId);
    } else if (state === 'failed') {
      await this.#runs.fail(runId, { code: 'transcription_failed', detail: 'The job ended without a result.' });
      report.failed.push(runId);
    }
  }

  async #hasNothingThatEndsIt(runId: string, state: string): Promise<boolean> {
    // A job completes after its run. Redis may have lost the one in its last second, and then heard of the other again.
    if (state === 'unknown' || state === 'completed') return true;
    return state === 'waiting-children' && (await this.#waitsInVain(runId));
  }

  /** Whether it waits for a window that is nowhere. Such a loss takes all at once or the last ones, so some will do. */
  async #waitsInVain(runId: string): Promise<boolean> {
    const job = await reach(this.#transcriptions.getJob(transcribeJobId(runId)));
    const { unprocessed = [] } = (await job?.getDependencies({ unprocessed: { count: SAMPLE } })) ?? {};
    if (unprocessed.length === 0) return false;
    return (await reach(this.#redis.exists(...unprocessed))) < unprocessed.length;
  }
}
