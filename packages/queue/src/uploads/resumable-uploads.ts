import { SottoError } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach, replies } from '../redis/faults.ts';
import { ANONYMOUS_KEY } from '../redis/keys/access.ts';
import { Keys } from '../redis/keys.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { keyDiskFull } from './key-disk.ts';

/** An upload with more pieces is refused, since each is a blob. */
export const MAX_UPLOAD_PARTS = 10_000;
const TOO_MANY_RETRY_SECONDS = 60;

const partSchema = z.object({ blobKey: z.string(), bytes: z.int().min(1) });
/** One piece of an upload; durable and immutable. */
export type UploadPart = z.infer<typeof partSchema>;

export interface ResumableUpload {
  id: string;
  keyId: string | null;
  /** null: not declared yet. */
  totalBytes: number | null;
  /** Bytes that are stored durably; the sender continues here. */
  offset: number;
  /** As the sender declared it. */
  metadata: Record<string, string | null>;
  /** When it last grew. */
  touchedAtMs: number;
  /** The job that was made from it; null: none yet. */
  jobId: string | null;
}

export type AppendOutcome = { offset: number } | 'conflict' | 'gone' | 'too_many_parts';

/** What an API key without limits of its own may keep; null: no limit. */
export interface HeldLimits {
  openUploads: number | null;
  /** Of its open uploads, and of the recordings of its unfinished runs. */
  heldBytes: number | null;
}

/**
 * Uploads that are received in pieces, over any number of connections and API processes. A piece counts from the moment
 * it is appended, and only at the offset it was sent for: of two senders the first wins, so no locks are needed, and
 * none can outlive a killed process. An upload that has not grown for its retention is forgotten; the sweep then
 * removes its pieces.
 */
export class ResumableUploads {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #parts: ScriptParts;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#parts = new ScriptParts(this.#keys);
  }

  /**
   * `ttlMs`: its retention.
   *
   * @throws SottoError `key_full`.
   */
  async create(upload: ResumableUpload, ttlMs: number, limits: HeldLimits): Promise<void> {
    const argument = {
      upload: this.#parts.upload(upload, ttlMs, limits),
      fields: newUploadFields(upload),
      now: upload.touchedAtMs,
    };
    const reply = await runScript(this.#redis, 'create-upload', [this.#recordOfKey(upload.keyId)], argument);
    mustBeCreated(reply as UploadReply);
  }

  /** null: unknown or forgotten. With `owner`, uploads of other keys are unknown, and recordings of live sessions. */
  async find(id: string, owner?: string | null): Promise<ResumableUpload | null> {
    const hash = await reach(this.#redis.hgetall(this.#keys.uploads.record(id)));
    if (hash.id === undefined) return null;
    if (owner !== undefined && ((owner ?? '') !== hash.keyId || hash.isLive !== undefined)) return null;
    return {
      id: hash.id,
      keyId: hash.keyId === '' ? null : (hash.keyId ?? null),
      totalBytes: hash.totalBytes === '' ? null : Number(hash.totalBytes),
      offset: Number(hash.offset),
      metadata: metadataSchema.parse(JSON.parse(hash.metadata ?? '{}')),
      touchedAtMs: Number(hash.touchedAtMs),
      jobId: hash.jobId ?? null,
    };
  }

  /** In order. */
  async parts(id: string): Promise<UploadPart[]> {
    const jsons = await reach(this.#redis.lrange(this.#keys.uploads.parts(id), 0, -1));
    return jsons.map((json) => partSchema.parse(JSON.parse(json)));
  }

  /**
   * Appends a durable piece that begins at `offset`; the retention of the upload starts anew. `limits` null: it counts
   * whatever its key holds.
   *
   * @throws SottoError `key_full`; the piece does not count then.
   */
  async append(
    upload: Pick<ResumableUpload, 'id' | 'keyId'>,
    offset: number,
    part: UploadPart,
    ttlMs: number,
    limits: Pick<HeldLimits, 'heldBytes'> | null,
  ): Promise<AppendOutcome> {
    const reply = await runScript(this.#redis, 'append-part', [this.#recordOfKey(upload.keyId)], {
      upload: this.#parts.upload(upload, ttlMs, limits),
      offset,
      bytes: part.bytes,
      part: JSON.stringify(part),
      now: Date.now(),
      maxParts: MAX_UPLOAD_PARTS,
    });
    const [answer, ...amounts] = reply as [Exclude<AppendOutcome, object> | 'appended' | 'key_disk', number, number];
    if (answer === 'key_disk') throw keyDiskFull(amounts);
    return answer === 'appended' ? { offset: Number(amounts[0]) } : answer;
  }

  #recordOfKey(keyId: string | null): string {
    return this.#keys.access.apiKey(keyId ?? ANONYMOUS_KEY);
  }

  /** Its sender declares the length after the upload has begun. */
  async declareLength(id: string, totalBytes: number, ttlMs: number): Promise<void> {
    const key = this.#keys.uploads.record(id);
    await replies(this.#redis.multi().hset(key, 'totalBytes', totalBytes).pexpire(key, ttlMs));
  }

  /** It has become a job. Its pieces are not needed any more, and the caller deletes them. */
  async use(id: string, jobId: string, ttlMs: number): Promise<UploadPart[]> {
    const parts = await this.parts(id);
    const key = this.#keys.uploads.record(id);
    await replies(this.#redis.multi().hset(key, 'jobId', jobId).pexpire(key, ttlMs).del(this.#keys.uploads.parts(id)));
    return parts;
  }

  /** The caller deletes its pieces. */
  async remove(id: string): Promise<UploadPart[]> {
    const parts = await this.parts(id);
    await replies(
      this.#redis
        .multi()
        .del(this.#keys.uploads.record(id), this.#keys.uploads.parts(id))
        .zrem(this.#keys.uploads.index, id),
    );
    return parts;
  }

  /** Blobs of all uploads that are not forgotten. */
  async blobKeysInUse(): Promise<string[]> {
    await reach(this.#redis.zremrangebyscore(this.#keys.uploads.index, '-inf', Date.now()));
    const ids = await reach(this.#redis.zrange(this.#keys.uploads.index, '0', '-1'));
    const parts = await Promise.all(ids.map((id) => this.parts(id)));
    return parts.flat().map(({ blobKey }) => blobKey);
  }
}

/** What a script says that begins an upload. */
export type UploadReply = ['created'] | ['too_many' | 'key_disk', number, number];

/** @throws SottoError `key_full` */
export function mustBeCreated([answer, ...amounts]: UploadReply): void {
  if (answer === 'too_many') throw tooManyOpen(amounts as [number, number]);
  if (answer === 'key_disk') throw keyDiskFull(amounts as [number, number]);
}

/** Of its record, flat. */
export function newUploadFields(upload: ResumableUpload, isLive = false): string[] {
  const { id, keyId, totalBytes, offset, metadata, touchedAtMs } = upload;
  const fields = {
    id,
    keyId: keyId ?? '',
    totalBytes: totalBytes ?? '',
    offset,
    metadata: JSON.stringify(metadata),
    touchedAtMs,
    ...(isLive && { isLive: 1 }),
  };
  return Object.entries(fields).flat().map(String);
}

function tooManyOpen([open, limit]: [number, number]): SottoError {
  return new SottoError('key_full', `${open} uploads of this key are open; finish or delete some.`, {
    fields: { open_uploads: open, limit_uploads: limit },
    retryAfterSeconds: TOO_MANY_RETRY_SECONDS,
  });
}

const metadataSchema = z.record(z.string(), z.string().nullable());
