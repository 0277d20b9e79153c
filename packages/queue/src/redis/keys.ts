import { createHash } from 'node:crypto';
import type { EngineKind, Lane } from '@sotto/contracts';
import { COST_UNITS, type CostUnit } from '../catalog/costs.ts';

/**
 * Every Redis key, channel and job id of this package. Nothing else builds one: Lua scripts get them, or a stem and
 * suffixes to join them from, as arguments.
 */

/** Stands for "no key" where a name needs one. No API key has this id. */
export const ANONYMOUS_KEY = '-';

/** Suffixes of the keys that live and die with a run; '' is the run's own hash. */
export const RUN_PARTS = [
  '',
  ':plan',
  ':windows',
  ':texts',
  ':fractions',
  ':events',
  ':requests',
  ':transcript',
  ':result',
  ':extras',
];

/** Of these, what it needs only while it is made. */
export const WORKING_PARTS = [':plan', ':windows', ':texts', ':fractions'];

export class Keys {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** Hash: the run's fields. Stem of all its parts. */
  run(runId: string): string {
    return `${this.runStem}${runId}`;
  }

  get runStem(): string {
    return `${this.prefix}:run:`;
  }

  /** String: what preparing came to, as its kind writes it. */
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

  /** Hash: kind of job -> what it made, of its extras. */
  extras(runId: string): string {
    return `${this.run(runId)}:extras`;
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

  /** Sorted set: events that a consumer has yet to hear of, by when they are due; see outbox/outbox.ts. */
  outbox(consumer: string): string {
    return `${this.outboxStem}${consumer}`;
  }

  get outboxStem(): string {
    return `${this.prefix}:outbox:`;
  }

  /** Channel: something has come into the outbox. */
  get outboxNotifications(): string {
    return `${this.prefix}:outbox`;
  }

  /** Sorted set, and a channel of the same name: what builds before the outbox leave for webhooks and batches. */
  get legacyWebhookOutbox(): string {
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

  /** Sorted set: run id -> cost it has yet to be worked off, of every run in `processing` whose kind counts in this unit. */
  backlogOf(unit: CostUnit): string {
    return `${this.prefix}:backlog${COST_UNITS[unit].backlogSuffix}`;
  }

  /** The same of one API key; null: of work without a key. */
  backlogOfKey(keyId: string | null, unit: CostUnit): string {
    return `${this.backlogStem}${keyId ?? ANONYMOUS_KEY}${COST_UNITS[unit].backlogSuffix}`;
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
  turns(queue: string, lane: Lane): string {
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

  /** Channel: a run has new events; says `end` with the last one. Its name is known to other builds. */
  notifications(runId: string): string {
    return `${this.prefix}:doorbell:${runId}`;
  }

  /** Channel: ids of runs that were cancelled or failed, for whoever still works on them. */
  get stopped(): string {
    return `${this.prefix}:stopped`;
  }
}
