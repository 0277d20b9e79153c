import type { Run } from '@sotto/contracts';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Batches } from '../batches/batches.ts';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { Producer } from '../jobs/producer.ts';
import { removeJobsOf } from '../jobs/removal.ts';
import { reach } from '../redis/connection.ts';
import { driverJobId } from '../redis/ids.ts';
import { Keys } from '../redis/keys.ts';
import { openQueue } from '../redis/queues.ts';
import { UnreadableRecord } from '../redis/readable.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { Runs } from '../runs/runs.ts';
import { ResumableUploads } from '../uploads/resumable-uploads.ts';
import { sweepBatches } from './batch-sweep.ts';

/** In JSON, with the key as a JSON text. */
const BLOB_KEY = /"(?:blobKey|audioKey)":("(?:[^"\\]|\\.)*")/g;

/** A run this young may simply not be submitted yet. */
const GRACE_MS = 10_000;

/** Children looked at, of a run that waits for them. */
const SAMPLE = 200;

export interface SweepReport {
  /** Their job, or one of its children, had vanished, or was done when Redis lost their end; it is there again. */
  resubmitted: string[];
  /** Their job had failed without ending them. */
  failed: string[];
  /** No request is left that could ask for them. */
  cancelled: string[];
  /** Uploads of batches that were never accepted. */
  abandonedBlobKeys: string[];
  /**
   * Blobs that runs in processing need (uploads, decoded audio) and pieces of uploads; anything else old is left over.
   */
  blobKeysInUse: Set<string>;
  /** Runs in processing that could not be read; left to builds that can. */
  unreadable: string[];
}

/** Mends what a killed process leaves: every run in `processing` has a job that will end it. Harmless to repeat. */
export class Sweeper {
  readonly #redis: Redis;
  readonly #settings: QueueSettings;
  readonly #keys: Keys;
  readonly #runs: Runs;
  readonly #batches: Batches;
  readonly #producer: Producer;
  readonly #catalog: Catalog;
  readonly #drivers: Map<string, Queue>;
  readonly #uploads: ResumableUploads;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#settings = settings;
    this.#keys = new Keys(settings.prefix);
    this.#runs = new Runs(redis, settings);
    this.#batches = new Batches(redis, settings);
    this.#producer = new Producer(redis, settings);
    this.#uploads = new ResumableUploads(redis, settings);
    this.#catalog = settings.catalog ?? CATALOG;
    const names = new Set(this.#catalog.runKinds.map((kind) => this.#catalog.driverQueue(kind)));
    this.#drivers = new Map([...names].map((name) => [name, openQueue(redis, settings.prefix, name, () => {})]));
  }

  /** `graceMs`: runs younger than this are left alone. */
  async sweep(graceMs = GRACE_MS): Promise<SweepReport> {
    const report: SweepReport = {
      resubmitted: [],
      failed: [],
      cancelled: [],
      abandonedBlobKeys: [],
      blobKeysInUse: new Set(),
      unreadable: [],
    };
    report.abandonedBlobKeys = await sweepBatches(this.#batches, this.#runs, this.#producer);
    // Before the runs: an upload that is not staged any more has its run by then.
    for (const key of await this.#batches.stagedBlobKeys()) report.blobKeysInUse.add(key);
    const runIds = await reach(this.#redis.zrange(this.#keys.runs.processing, '0', '-1'));
    for (const runId of runIds) await this.#mendOrSkip(runId, graceMs, report);
    for (const blobKey of await this.#uploads.blobKeysInUse()) report.blobKeysInUse.add(blobKey);
    return report;
  }

  /** Of these runs, those that are kept no longer: what else is kept of them is left over. */
  async forgotten(runIds: readonly string[]): Promise<Set<string>> {
    const pipeline = this.#redis.pipeline();
    for (const runId of runIds) pipeline.exists(this.#keys.runs.record(runId));
    const replies = (await reach(pipeline.exec())) ?? [];
    return new Set(runIds.filter((_, i) => replies[i]?.[0] === null && replies[i]?.[1] === 0));
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.close(), ...[...this.#drivers.values()].map((queue) => queue.close())]);
  }

  async #mendOrSkip(runId: string, graceMs: number, report: SweepReport): Promise<void> {
    try {
      await this.#mend(runId, graceMs, report);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      this.#settings.onUnreadable?.('run', runId, error);
      report.unreadable.push(runId);
      for (const key of await this.#blobKeysOf(runId)) report.blobKeysInUse.add(key);
    }
  }

  async #mend(runId: string, graceMs: number, report: SweepReport): Promise<void> {
    const kind = await this.#runs.run(runId);
    if (kind === null) {
      await reach(this.#redis.zrem(this.#keys.runs.processing, runId));
      return;
    }
    const drivers = this.#driversOf(kind);
    // The job's state before the run's: a job that ends in between has ended its run by the time that is read.
    const state = await reach(drivers.getJobState(driverJobId(runId)));
    const run = await this.#runs.run(runId);
    if (run?.status !== 'processing') return;
    for (const key of await this.#blobKeysOf(runId)) report.blobKeysInUse.add(key);
    if (Date.now() - run.createdAtMs < graceMs) return;

    if ((await reach(this.#redis.scard(this.#keys.runs.requests(runId)))) === 0) {
      await this.#producer.cancel(run);
      report.cancelled.push(runId);
    } else if (await this.#hasNothingThatEndsIt(drivers, runId, state)) {
      await reach(removeJobsOf(drivers, runId));
      await this.#producer.submit(run);
      report.resubmitted.push(runId);
    } else if (state === 'failed') {
      const code = this.#catalog.job(this.#catalog.run(run.kind).driver).failureCode;
      await this.#runs.fail(run, { code, detail: 'The job ended without a result.' });
      report.failed.push(runId);
    }
  }

  /** Of what came in and of its plan. All kinds and builds call them alike, so the run need not be readable. */
  async #blobKeysOf(runId: string): Promise<string[]> {
    const fields = await reach(this.#redis.hvals(this.#keys.runs.record(runId)));
    const plan = await this.#runs.plan(runId);
    return [...fields, plan ?? ''].flatMap((text) => {
      return [...text.matchAll(BLOB_KEY)].map(([, key]) => JSON.parse(key ?? '""') as string);
    });
  }

  #driversOf(run: Run): Queue {
    const drivers = this.#drivers.get(this.#catalog.driverQueue(run.kind));
    if (drivers === undefined) throw new Error(`no queue for runs of kind ${run.kind}`);
    return drivers;
  }

  async #hasNothingThatEndsIt(drivers: Queue, runId: string, state: string): Promise<boolean> {
    // A job completes after its run. Redis may have lost the one in its last second, and then heard of the other again.
    if (state === 'unknown' || state === 'completed') return true;
    return state === 'waiting-children' && (await this.#waitsInVain(drivers, runId));
  }

  /** Whether it waits for a child that is nowhere. Such a loss takes all at once or the last ones, so some will do. */
  async #waitsInVain(drivers: Queue, runId: string): Promise<boolean> {
    const job = await reach(drivers.getJob(driverJobId(runId)));
    const { unprocessed = [] } = (await job?.getDependencies({ unprocessed: { count: SAMPLE } })) ?? {};
    if (unprocessed.length === 0) return false;
    return (await reach(this.#redis.exists(...unprocessed))) < unprocessed.length;
  }
}
