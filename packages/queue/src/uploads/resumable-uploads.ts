import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach, replies } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** An upload with more pieces is refused, since each is a blob. */
export const MAX_UPLOAD_PARTS = 10_000;

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

/**
 * Uploads that are received in pieces, over any number of connections and API processes. A piece counts from the moment
 * it is appended, and only at the offset it was sent for: of two senders the first wins, so no locks are needed, and
 * none can outlive a killed process. An upload that has not grown for its retention is forgotten; the sweep then
 * removes its pieces.
 */
export class ResumableUploads {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** `ttlMs`: its retention. */
  async create(upload: ResumableUpload, ttlMs: number): Promise<void> {
    const { id, keyId, totalBytes, offset, metadata, touchedAtMs } = upload;
    const fields = {
      id,
      keyId: keyId ?? '',
      totalBytes: totalBytes ?? '',
      offset,
      metadata: JSON.stringify(metadata),
      touchedAtMs,
    };
    await replies(
      this.#redis
        .multi()
        .hset(this.#keys.uploads.record(id), fields)
        .pexpire(this.#keys.uploads.record(id), ttlMs)
        .zadd(this.#keys.uploads.index, touchedAtMs + ttlMs, id)
        .pexpire(this.#keys.uploads.index, ttlMs),
    );
  }

  /** null: unknown or forgotten. With `owner`, uploads of other keys are unknown. */
  async find(id: string, owner?: string | null): Promise<ResumableUpload | null> {
    const hash = await reach(this.#redis.hgetall(this.#keys.uploads.record(id)));
    if (hash.id === undefined || (owner !== undefined && (owner ?? '') !== hash.keyId)) return null;
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

  /** Appends a durable piece that begins at `offset`; the retention of the upload starts anew. */
  async append(id: string, offset: number, part: UploadPart, ttlMs: number): Promise<AppendOutcome> {
    const keys = this.#keys;
    const own = [keys.uploads.record(id), keys.uploads.parts(id), keys.uploads.index];
    const reply = await runScript(this.#redis, 'append-part', own, {
      uploadId: id,
      offset,
      bytes: part.bytes,
      part: JSON.stringify(part),
      now: Date.now(),
      retentionMs: ttlMs,
      maxParts: MAX_UPLOAD_PARTS,
    });
    const [answer, newOffset] = reply as ['appended' | 'conflict' | 'gone' | 'too_many_parts', number];
    return answer === 'appended' ? { offset: Number(newOffset) } : answer;
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

const metadataSchema = z.record(z.string(), z.string().nullable());
