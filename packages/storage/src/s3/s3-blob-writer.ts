import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { StoredBlob } from '../blob-store.ts';
import { PartBuffer } from '../part-buffer.ts';
import { StagedBlobWriter } from '../staged-blob-writer.ts';
import { guardedWrite } from '../storage-error.ts';
import type { Bucket } from './bucket.ts';
import { guardedS3, isMissing } from './s3-error.ts';

/** The smallest that S3 takes, but for the last one. */
const MIN_PART_BYTES = 5 * 1024 * 1024;
/** S3 takes 10 000 parts; larger ones later let a blob have 275 GiB. */
const PARTS_OF_A_SIZE = 1_000;

const partBytes = (partsBefore: number): number => MIN_PART_BYTES * (1 + Math.floor(partsBefore / PARTS_OF_A_SIZE));

/**
 * What fits in one part is put at commit, in one request;
 * more goes up part by part while it comes, one buffer at a time. S3 shows an object when it is whole, or not at all.
 */
export class S3BlobWriter extends StagedBlobWriter {
  readonly key: string;
  readonly #bucket: Bucket;
  readonly #id = randomUUID();
  readonly #buffer = new PartBuffer();
  readonly #parts: CompletedPart[] = [];
  readonly #aborting = new AbortController();
  #uploadId: string | null = null;
  #sending: Promise<void> = Promise.resolve();
  #bytes = 0;

  constructor(bucket: Bucket, key: string) {
    super();
    this.#bucket = bucket;
    this.key = key;
  }

  protected async append(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.byteLength > 0) {
      const limit = partBytes(this.#parts.length);
      rest = rest.subarray(this.#buffer.take(rest, limit));
      if (this.#buffer.length === limit) await this.#send();
    }
    this.#bytes += chunk.byteLength;
  }

  protected async publish(): Promise<StoredBlob> {
    if (this.#uploadId === null) await guardedWrite(() => guardedS3(() => this.#put()));
    else {
      if (this.#buffer.length > 0) await this.#send();
      await guardedWrite(() => guardedS3(() => this.#complete()));
    }
    this.#buffer.release();
    return { key: this.key, bytes: this.#bytes };
  }

  async #put(): Promise<void> {
    const { client, encryption } = this.#bucket;
    await client.send(new PutObjectCommand({ ...this.#place, ...encryption, Body: this.#buffer.content }));
  }

  /** The buffer as the next part. */
  #send(): Promise<void> {
    const sending = guardedWrite(() => guardedS3(() => this.#sendPart()));
    this.#sending = sending.catch(() => {});
    return sending;
  }

  async #sendPart(): Promise<void> {
    const { client, encryption } = this.#bucket;
    if (this.#uploadId === null) {
      const made = { ...this.#place, ...encryption, Metadata: { writer: this.#id } };
      this.#uploadId = (await client.send(new CreateMultipartUploadCommand(made))).UploadId ?? null;
    }
    const PartNumber = this.#parts.length + 1;
    const part = { ...this.#upload, PartNumber, Body: this.#buffer.content };
    const { ETag } = await client.send(new UploadPartCommand(part), { abortSignal: this.#aborting.signal });
    this.#parts.push({ PartNumber, ETag });
    this.#buffer.clear();
  }

  async #complete(): Promise<void> {
    const { client } = this.#bucket;
    try {
      await client.send(
        new CompleteMultipartUploadCommand({ ...this.#upload, MultipartUpload: { Parts: this.#parts } }),
      );
    } catch (error) {
      // A first try may have been done and its answer lost: then the upload is gone because the object is there.
      if (!isMissing(error) || !(await this.#isPublished())) throw error;
    }
  }

  async #isPublished(): Promise<boolean> {
    try {
      const { Metadata } = await this.#bucket.client.send(new HeadObjectCommand(this.#place));
      return Metadata?.writer === this.#id;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** What the server would not take back now is taken by the sweep. */
  protected async discard(): Promise<void> {
    this.#aborting.abort();
    // A part that arrives behind the abort would stay, and cost.
    await this.#sending;
    this.#buffer.release();
    if (this.#uploadId === null) return;
    await this.#bucket.client.send(new AbortMultipartUploadCommand(this.#upload)).catch(() => {});
  }

  get #place(): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket.name, Key: this.#bucket.prefix + this.key };
  }

  get #upload(): { Bucket: string; Key: string; UploadId: string } {
    return { ...this.#place, UploadId: this.#uploadId ?? '' };
  }
}
