import { createHash } from 'node:crypto';
import type { EngineKind, Lane } from '@sotto/contracts';
import type { QueueName } from '../catalog/queues.ts';

/**
 * Every Redis key, channel and job id of this package. Nothing else builds one: Lua scripts get them, or a stem and
 * suffixes to join them from, as arguments.
 */

/** Stands for "no key" where a name needs one. No API key has this id. */
export const ANONYMOUS_KEY = '-';

/** Suffixes of the keys that live and die with a run; '' is the run's own hash. */
export const RUN_PARTS = ['', ':plan', ':windows', ':texts', ':fractions', ':events', ':requests', ':transcript'];

/** Of these, what it needs only while it is made. */
export const WORKING_PARTS = [':plan', ':windows', ':texts', ':fractions'];

export class Keys {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** BullMQ's list of jobs that are taken before all others (here: runs that come back to be assembled). */
  waiting(queue: QueueName): string {
    return `${this.prefix}:${queue}:wait`;
  }

  /** BullMQ's sorted set of waiting jobs, by priority and arrival. */
  prioritized(queue: QueueName): string {
    return `${this.prefix}:${queue}:prioritized`;
  }

  /** Hash: the run's fields. Stem of all its parts. */
  run(runId: string): string {
    return `${this.runStem}${runId}`;
  }

  get runStem(): string {
    return `${this.prefix}:run:`;
  }

  /** String: Plan as JSON. */
  plan(runId: string): string {
    return `${this.run(runId)}:plan`;
  }

  /** Hash: window index -> WindowResult as JSON. */
  windows(runId: string): string {
    return `${this.run(runId)}:windows`;
  }

  /** Hash: window index -> text events that still wait for an earlier window. */
  texts(runId: string): string {
    return `${this.run(runId)}:texts`;
  }

  /** Hash: window index -> fraction done, of windows at work. */
  fractions(runId: string): string {
    return `${this.run(runId)}:fractions`;
  }

  /** Stream: RunEvents. */
  events(runId: string): string {
    return `${this.run(runId)}:events`;
  }

  /** Set: ids of the requests attached to the run. */
  requestsOf(runId: string): string {
    return `${this.run(runId)}:requests`;
  }

  /** String: Transcript as JSON. */
  transcript(runId: string): string {
    return `${this.run(runId)}:transcript`;
  }

  /** String: id of the run that makes, or made, this work. */
  work(workKey: string): string {
    return `${this.prefix}:work:${workKey}`;
  }

  /** Hash: a JobRequest. */
  request(requestId: string): string {
    return `${this.requestStem}${requestId}`;
  }

  get requestStem(): string {
    return `${this.prefix}:request:`;
  }

  /** List: WebhookAttempts as JSON, oldest first. */
  webhookAttempts(requestId: string): string {
    return `${this.request(requestId)}:webhooks`;
  }

  /**
   * Sorted set: webhooks whose job has ended and that are not in their queue yet, by time; members see
   * `webhookMember`. Also the channel that rings when one comes.
   */
  get webhookOutbox(): string {
    return `${this.prefix}:webhook-outbox`;
  }

  /** Hash: a batch. */
  batch(batchId: string): string {
    return `${this.prefix}:batch:${batchId}`;
  }

  /** List: BatchItems as JSON, in the order they were sent. */
  batchItems(batchId: string): string {
    return `${this.batch(batchId)}:items`;
  }

  /** Hash: request id -> status, of items that have ended. */
  batchEnded(batchId: string): string {
    return `${this.batch(batchId)}:ended`;
  }

  /** String that expires: the process that takes the batch in lives. */
  batchLease(batchId: string): string {
    return `${this.batch(batchId)}:lease`;
  }

  /** Set: uploads of a batch that comes in. */
  batchHolds(batchId: string): string {
    return `${this.batch(batchId)}:holds`;
  }

  /** Set: ids of the requests of a batch that comes in. */
  batchRequests(batchId: string): string {
    return `${this.batch(batchId)}:requests`;
  }

  /** List: as `webhookAttempts`. */
  batchWebhookAttempts(batchId: string): string {
    return `${this.batch(batchId)}:webhooks`;
  }

  /** Sorted set: id -> creation time of every batch that comes in or is not done. */
  get openBatches(): string {
    return `${this.prefix}:batches`;
  }

  /** Hash: a ResumableUpload. */
  upload(uploadId: string): string {
    return `${this.prefix}:upload:${uploadId}`;
  }

  /** List: its UploadParts as JSON, in order. */
  uploadParts(uploadId: string): string {
    return `${this.upload(uploadId)}:parts`;
  }

  /** Sorted set: id -> when it is forgotten, of every resumable upload. */
  get uploads(): string {
    return `${this.prefix}:uploads`;
  }

  /** String: key id (or '') of a request whose record is gone. */
  tombstone(requestId: string): string {
    return `${this.tombstoneStem}${requestId}`;
  }

  get tombstoneStem(): string {
    return `${this.prefix}:tombstone:`;
  }

  /** Sorted set by name, of one API key's requests or of all: see `indexMember`. */
  requestIndex(keyId: string | null): string {
    return keyId === null ? `${this.prefix}:requests` : `${this.prefix}:requests:key:${keyId}`;
  }

  /** Sorted set: id -> creation time of every run in `processing`. */
  get processing(): string {
    return `${this.prefix}:processing`;
  }

  /** Sorted set: run id -> milliseconds of sound it has yet to transcribe, of every run in `processing`. */
  get backlog(): string {
    return `${this.prefix}:backlog`;
  }

  /** The same of one API key; null: of work without a key. */
  backlogOf(keyId: string | null): string {
    return `${this.backlogStem}${keyId ?? ANONYMOUS_KEY}`;
  }

  get backlogStem(): string {
    return `${this.prefix}:backlog:key:`;
  }

  /** Hash: what an API key used in a day or a month; see lua/include/quota.lua. */
  usage(keyId: string | null, period: string): string {
    return `${this.usageStem}${keyId ?? ANONYMOUS_KEY}:${period}`;
  }

  get usageStem(): string {
    return `${this.prefix}:usage:`;
  }

  /** Set: ids of the API keys that used something on a day. */
  usageKeys(day: string): string {
    return `${this.prefix}:usage-keys:${day}`;
  }

  /** Hash: key id -> its next turn, in virtual time of that lane. */
  turns(queue: QueueName, lane: Lane): string {
    return `${this.prefix}:turns:${queue}:${lane}`;
  }

  /** Stream: the audit log, an entry as JSON in `e`. */
  get audit(): string {
    return `${this.prefix}:audit`;
  }

  /** Hash: an API key's record. */
  apiKey(keyId: string): string {
    return `${this.apiKeyStem}${keyId}`;
  }

  get apiKeyStem(): string {
    return `${this.prefix}:key:`;
  }

  /** Sorted set: id -> creation time of every API key. */
  get apiKeys(): string {
    return `${this.prefix}:keys`;
  }

  /** String: id of the API key whose secret has this hash. */
  keyHash(hash: string): string {
    return `${this.prefix}:key-hash:${hash}`;
  }

  /** String that expires: Heartbeat as JSON. */
  worker(workerId: string): string {
    return `${this.prefix}:worker:${workerId}`;
  }

  /** Sorted set: worker id -> time of its last heartbeat. */
  get workers(): string {
    return `${this.prefix}:workers`;
  }

  /**
   * Hash: model name -> the model as a worker last reported it. That of `transcribe` has the name from when there was no
   * other kind: builds of then offer all that is in it for transcription.
   */
  models(kind: EngineKind): string {
    return kind === 'transcribe' ? `${this.prefix}:models` : `${this.prefix}:models:${kind}`;
  }

  /** Sorted set: the last minute's requests of one subject. Hashed: a subject may be a client's address. */
  rate(subject: string): string {
    return `${this.prefix}:rate:${createHash('sha256').update(subject).digest('base64url').slice(0, 22)}`;
  }

  /** Channel: rings when a run has new events; says `end` with the last one. */
  doorbell(runId: string): string {
    return `${this.prefix}:doorbell:${runId}`;
  }

  /** Channel: ids of runs that were cancelled or failed, for whoever still works on them. */
  get stopped(): string {
    return `${this.prefix}:stopped`;
  }
}

/** Fixed width, so that names sort by time. */
const TIME_DIGITS = 15;

/** Member of a request index: sorts by time, then id; also the cursor of a list. */
export function indexMember(createdAtMs: number, requestId: string): string {
  return `${String(createdAtMs).padStart(TIME_DIGITS, '0')}:${requestId}`;
}

/** The job of a run in queue `transcriptions` has the run's own id; BullMQ takes no colon in ids. */
export function transcribeJobId(runId: string): string {
  return runId;
}

export function jobIndexOf(childJobId: string): number {
  return Number(childJobId.slice(childJobId.lastIndexOf('.') + 1));
}

/** The step in which a run that is not small waits to be prepared, and its one child. */
export const PREPARE_STEP = 'prepare';
export const PREPARE_JOB_SUFFIX = `.${PREPARE_STEP}.0`;

export function prepareJobId(runId: string): string {
  return `${transcribeJobId(runId)}${PREPARE_JOB_SUFFIX}`;
}

/** Deterministic: a parent that starts again adds the same children again, and each runs once. */
export function childJobId(parentJobId: string, step: string, index: number): string {
  return `${parentJobId}.${step}.${index}`;
}
