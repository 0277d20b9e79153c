import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { blobKey, keyOrNull, kindOf } from '../blob-key.ts';
import {
  type BlobKind,
  type BlobStore,
  type BlobWriter,
  type ByteRange,
  isEmpty,
  type ListedBlob,
  type StorageHealth,
  type StoredBlob,
} from '../blob-store.ts';
import { copyThrough } from '../copy-through.ts';
import { Scratch } from '../scratch.ts';
import { blobMissing } from '../storage-error.ts';
import { probeName } from '../temporary-name.ts';
import { withStorageErrors } from '../with-storage-errors.ts';
import { type Bucket, bucketOf } from './bucket.ts';
import { eraseObject } from './erase.ts';
import { abortLeftovers } from './leftover-uploads.ts';
import { S3BlobWriter } from './s3-blob-writer.ts';
import { guardedS3, isBeyondEnd, isMissing, s3Error } from './s3-error.ts';
import type { S3Settings } from './settings.ts';

interface Place {
  Bucket: string;
  Key: string;
}

/** The most that one CopyObject takes. */
const MAX_COPY_BYTES = 5 * 1024 ** 3;

/** A write is proven this often; in between it is enough that the bucket answers. */
const PROBE_INTERVAL_MS = 60_000;
const HEALTH_MS = 5_000;

/**
 * Blobs as objects of one bucket of anything that speaks S3: `<prefix>uploads/<shard>/<name>`,
 * `<prefix>audio/<shard>/<name>`. Blobs being written are multipart uploads, or in memory while they are small.
 */
export class S3BlobStore implements BlobStore {
  readonly #bucket: Bucket;
  readonly #scratch: Scratch;
  #probedAtMs = 0;

  /** Connects to nothing. */
  constructor(settings: S3Settings) {
    this.#bucket = bucketOf(settings);
    this.#scratch = new Scratch(settings.scratchFolder);
  }

  async createWriter(kind: BlobKind, name?: string): Promise<BlobWriter> {
    return new S3BlobWriter(this.#bucket, blobKey(kind, name));
  }

  /** By the server itself. */
  async copy(from: string, kind: BlobKind, name: string): Promise<StoredBlob> {
    const key = blobKey(kind, name);
    const source = this.#place(from);
    const found = await this.stat(from);
    if (found === null) throw blobMissing();
    if (found.bytes > MAX_COPY_BYTES) return copyThrough(this, from, kind, name);
    const { client, encryption } = this.#bucket;
    const CopySource = `${source.Bucket}/${source.Key.split('/').map(encodeURIComponent).join('/')}`;
    await guardedS3(() => client.send(new CopyObjectCommand({ ...this.#place(key), CopySource, ...encryption })));
    return { key, bytes: found.bytes };
  }

  async read(key: string, range?: ByteRange): Promise<Buffer> {
    const place = this.#place(key);
    return guardedS3(async () => {
      const body = await this.#body(place, range);
      return body === null ? Buffer.alloc(0) : Buffer.from(await body.transformToByteArray());
    });
  }

  async openRead(key: string, range?: ByteRange): Promise<Readable> {
    const place = this.#place(key);
    return guardedS3(async () => {
      const body = await this.#body(place, range);
      if (body === null) return Readable.from([]);
      if (!(body instanceof Readable)) throw new TypeError('an object whose body is no stream');
      return withStorageErrors(body, s3Error);
    });
  }

  /** null: there is nothing in that range. */
  async #body(place: Place, range: ByteRange | undefined): Promise<NonNullable<GetObjectCommandOutput['Body']> | null> {
    if (range !== undefined && isEmpty(range)) {
      await this.#bucket.client.send(new HeadObjectCommand(place));
      return null;
    }
    const Range = range && `bytes=${Math.max(0, range.startByte)}-${range.endByte - 1}`;
    try {
      const { Body } = await this.#bucket.client.send(new GetObjectCommand({ ...place, Range }));
      if (Body === undefined) throw new TypeError('an object without a body');
      return Body;
    } catch (error) {
      if (isBeyondEnd(error)) return null;
      throw error;
    }
  }

  async localFile(key: string): Promise<{ path: string; release(): Promise<void> }> {
    const found = await this.stat(key);
    if (found === null) throw blobMissing();
    return this.#scratch.hold(found.bytes, () => this.openRead(key));
  }

  async stat(key: string): Promise<ListedBlob | null> {
    const place = this.#place(key);
    return guardedS3(async () => {
      try {
        const { ContentLength, LastModified } = await this.#bucket.client.send(new HeadObjectCommand(place));
        return { key, bytes: ContentLength ?? 0, modifiedMs: LastModified?.getTime() ?? 0 };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }

  async delete(key: string): Promise<boolean> {
    const { Key } = this.#place(key);
    if ((await this.stat(key)) === null) return false;
    await guardedS3(() => eraseObject(this.#bucket, Key));
    return true;
  }

  async *list(kind: BlobKind): AsyncIterable<ListedBlob> {
    const { client, name, prefix } = this.#bucket;
    const pages = paginateListObjectsV2({ client }, { Bucket: name, Prefix: `${prefix}${kind}/` });
    for (;;) {
      const page = await guardedS3(() => pages.next());
      if (page.done) return;
      for (const { Key = '', Size = 0, LastModified } of page.value.Contents ?? []) {
        const key = keyOrNull(Key.slice(prefix.length));
        if (key !== null) yield { key, bytes: Size, modifiedMs: LastModified?.getTime() ?? 0 };
      }
    }
  }

  async sweepTemporary(olderThanMs: number): Promise<number> {
    const files = await this.#scratch.sweep(olderThanMs);
    return files + (await guardedS3(() => abortLeftovers(this.#bucket, olderThanMs)));
  }

  async health(): Promise<StorageHealth> {
    const options = { abortSignal: AbortSignal.timeout(HEALTH_MS) };
    const { client, name, prefix, encryption } = this.#bucket;
    try {
      await client.send(new HeadBucketCommand({ Bucket: name }), options);
      if (Date.now() - this.#probedAtMs > PROBE_INTERVAL_MS) {
        const Key = `${prefix}temporary/${probeName()}`;
        await client.send(new PutObjectCommand({ Bucket: name, Key, Body: 'probe', ...encryption }), options);
        await eraseObject(this.#bucket, Key);
        this.#probedAtMs = Date.now();
      }
      return { kind: 's3', writable: true, freeBytes: null, totalBytes: null };
    } catch {
      this.#probedAtMs = 0;
      return { kind: 's3', writable: false, freeBytes: null, totalBytes: null };
    }
  }

  /** Throws on anything that is not exactly a key of ours. */
  #place(key: string): Place {
    kindOf(key);
    return { Bucket: this.#bucket.name, Key: this.#bucket.prefix + key };
  }
}
