import type { Run } from '@sotto/contracts';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Batches } from '../batches/batches.ts';
import { CATALOG, type Catalog } from '../catalog/catalog.ts';
import { SweepLog } from '../figures/sweep-log.ts';
import { Producer } from '../jobs/producer.ts';
import { removeJobsOf } from '../jobs/removal.ts';
import { reach } from '../redis/faults.ts';
import { driverJobId } from '../redis/ids.ts';
import { Keys } from '../redis/keys.ts';
import { openQueue } from '../redis/queues.ts';
import { UnreadableRecord } from '../redis/readable.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { audioStaysUntilMs } from '../runs/kept-audio.ts';
import { Runs } from '../runs/runs.ts';
import { ResumableUploads } from '../uploads/resumable-uploads.ts';
import { type IsAccepted, sweepBatches } from './batch-sweep.ts';
import { IndexSweep } from './index-sweep.ts';

/** A member of a JSON text that holds the key of a blob. */
const BLOB_KEY = /"(?:blobKey|audioKey)":("(?:[^"\\]|\\.)*")/g;

/** A younger run may just not have been submitted yet. */
const GRACE_MS = 10_000;

/** So many children of a waiting run are checked. */
const SAMPLE = 200;

export interface SweepReport {
  /** Runs whose job has been added again: it, or one of its children, had vanished, or Redis had lost the run's end. */
  resubmitted: string[];
  /** Runs whose job had failed without ending them. */
  failed: string[];
  /** Runs without any request. */
  cancelled: string[];
  /** Staged uploads of batches that were never accepted. */
  abandonedBlobKeys: string[];
  /** Requests of the same. */
  abandonedRequestIds: string[];
  /**
   * Blobs that are needed by runs in processing (uploads, decoded audio), batches and resumable uploads; all other old
   * ones are leftovers.
   */
  blobKeysInUse: Set<string>;
  /** Runs in processing that could not be read; they are left to builds that can. */
  unreadable: string[];
}

/** Repairs what killed processes leave, so that every run in processing has a job that will end it. Safe to repeat. */
export class Sweeper {
  /** Where whoever calls `sweep` leaves what it did. */
  readonly log: SweepLog;
  readonly #redis: Redis;
  readonly #settings: QueueSettings;
  readonly #keys: Keys;
  readonly #runs: Runs;
  readonly #batches: Batches;
  readonly #producer: Producer;
  readonly #catalog: Catalog;
  readonly #drivers: Map<string, Queue>;
  readonly #uploads: ResumableUploads;
  readonly #indexes: IndexSweep;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#settings = settings;
    this.#keys = new Keys(settings.prefix);
    this.log = new SweepLog(redis, settings);
    this.#runs = new Runs(redis, settings);
    this.#batches = new Batches(redis, settings);
    this.#producer = new Producer(redis, settings);
    this.#uploads = new ResumableUploads(redis, settings);
    this.#indexes = new IndexSweep(redis, this.#keys, settings);
    this.#catalog = settings.catalog ?? CATALOG;
    const names = new Set(this.#catalog.runKinds.map((kind) => this.#catalog.driverQueue(kind)));
    this.#drivers = new Map([...names].map((name) => [name, openQueue(redis, settings.prefix, name, () => {})]));
  }

  /** `graceMs`: younger runs are left alone. */
  async sweep(graceMs = GRACE_MS, isAccepted: IsAccepted = async () => false): Promise<SweepReport> {
    const report: SweepReport = {
      resubmitted: [],
      failed: [],
      cancelled: [],
      abandonedBlobKeys: [],
      abandonedRequestIds: [],
      blobKeysInUse: new Set(),
      unreadable: [],
    };
    const abandoned = await sweepBatches(this.#batches, this.#runs, this.#producer, isAccepted);
    report.abandonedBlobKeys = abandoned.blobKeys;
    report.abandonedRequestIds = abandoned.requestIds;
    // Before the runs: an upload that is not staged any more has its run by then.
    for (const key of await this.#batches.stagedBlobKeys()) report.blobKeysInUse.add(key);
    const runIds = await reach(this.#redis.zrange(this.#keys.runs.processing, '0', '-1'));
    for (const runId of runIds) await this.#repairOrSkip(runId, graceMs, report);
    for (const blobKey of await this.#uploads.blobKeysInUse()) report.blobKeysInUse.add(blobKey);
    await this.#indexes.sweep();
    return report;
  }

  /** Until when the decoded audio of an ended run stays. null: the run has not ended, or is unknown. */
  async audioStaysUntilMs(runId: string, keepMs: number): Promise<number | null> {
    const run = await this.#runs.run(runId).catch((error: unknown) => {
      if (error instanceof UnreadableRecord) return null;
      throw error;
    });
    return run === null ? null : audioStaysUntilMs(run, keepMs);
  }

  /** Those of the runs that have expired, so that anything else stored of them is left over. */
  async forgotten(runIds: readonly string[]): Promise<Set<string>> {
    const pipeline = this.#redis.pipeline();
    for (const runId of runIds) pipeline.exists(this.#keys.runs.record(runId));
    const replies = (await reach(pipeline.exec())) ?? [];
    return new Set(runIds.filter((_, i) => replies[i]?.[0] === null && replies[i]?.[1] === 0));
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.close(), ...[...this.#drivers.values()].map((queue) => queue.close())]);
  }

  async #repairOrSkip(runId: string, graceMs: number, report: SweepReport): Promise<void> {
    try {
      await this.#repair(runId, graceMs, report);
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      this.#settings.onUnreadable?.('run', runId, error);
      report.unreadable.push(runId);
      for (const key of await this.#blobKeysOf(runId)) report.blobKeysInUse.add(key);
    }
  }

  async #repair(runId: string, graceMs: number, report: SweepReport): Promise<void> {
    const found = await this.#runs.run(runId);
    if (found === null) {
      await reach(this.#redis.zrem(this.#keys.runs.processing, runId));
      return;
    }
    const drivers = this.#driversOf(found);
    // The job's state is read before the run: if the job ends in between, the run has ended by the time it is read.
    const state = await reach(drivers.getJobState(driverJobId(runId)));
    const run = await this.#runs.run(runId);
    if (run?.status !== 'processing') return;
    for (const key of await this.#blobKeysOf(runId)) report.blobKeysInUse.add(key);
    if (Date.now() - run.createdAtMs < graceMs) return;

    if ((await reach(this.#redis.scard(this.#keys.runs.requests(runId)))) === 0) {
      await this.#producer.cancel(run);
      report.cancelled.push(runId);
    } else if (await this.#isStranded(drivers, runId, state)) {
      await reach(removeJobsOf(drivers, runId));
      await this.#producer.submit(run);
      report.resubmitted.push(runId);
    } else if (state === 'failed') {
      const code = this.#catalog.job(this.#catalog.run(run.kind).driver).failureCode;
      await this.#runs.fail(run, { code, detail: 'The job ended without a result.' });
      report.failed.push(runId);
    }
  }

  /** Blobs named by its input and its plan. All kinds and builds use the same names, so the run may be unreadable. */
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

  /** Whether nothing would ever end the run. */
  async #isStranded(drivers: Queue, runId: string, state: string): Promise<boolean> {
    // A job completes after its run. Redis may have lost the end of the run, in its last second, but not that of the job.
    if (state === 'unknown' || state === 'completed') return true;
    return state === 'waiting-children' && (await this.#hasLostChild(drivers, runId));
  }

  /** Whether it waits for a child that does not exist. All or the last ones are lost at once, so a sample is enough. */
  async #hasLostChild(drivers: Queue, runId: string): Promise<boolean> {
    const job = await reach(drivers.getJob(driverJobId(runId)));
    const { unprocessed = [] } = (await job?.getDependencies({ unprocessed: { count: SAMPLE } })) ?? {};
    if (unprocessed.length === 0) return false;
    return (await reach(this.#redis.exists(...unprocessed))) < unprocessed.length;
  }
}
