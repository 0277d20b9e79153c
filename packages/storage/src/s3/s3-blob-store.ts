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
  type StoredBlob,
} from '../blob-store.ts';
import { copyThrough } from '../copy-through.ts';
import { ObjectBlobStore } from '../object-blob-store.ts';
import { blobMissing } from '../storage-error.ts';
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

/**
 * Blobs as objects of one bucket of anything that speaks S3: `<prefix>uploads/<shard>/<name>`,
 * `<prefix>audio/<shard>/<name>`. Blobs being written are multipart uploads, or in memory while they are small.
 */
export class S3BlobStore extends ObjectBlobStore implements BlobStore {
  readonly #bucket: Bucket;

  /** Connects to nothing. */
  constructor(settings: S3Settings) {
    super('s3', settings.scratchFolder);
    this.#bucket = bucketOf(settings);
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

  protected sweepParts(olderThanMs: number): Promise<number> {
    return guardedS3(() => abortLeftovers(this.#bucket, olderThanMs));
  }

  protected async reach(abortSignal: AbortSignal): Promise<void> {
    await this.#bucket.client.send(new HeadBucketCommand({ Bucket: this.#bucket.name }), { abortSignal });
  }

  protected async tryWriting(name: string, abortSignal: AbortSignal): Promise<void> {
    const { client, name: Bucket, prefix, encryption } = this.#bucket;
    const Key = prefix + name;
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'probe', ...encryption }), { abortSignal });
    await eraseObject(this.#bucket, Key);
  }

  /** Throws on anything that is not exactly a key of ours. */
  #place(key: string): Place {
    kindOf(key);
    return { Bucket: this.#bucket.name, Key: this.#bucket.prefix + key };
  }
}
