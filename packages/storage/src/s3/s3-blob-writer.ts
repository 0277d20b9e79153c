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
import { PartWriter } from '../part-writer.ts';
import type { Bucket } from './bucket.ts';
import { isMissing, s3Error } from './s3-error.ts';

/** Parts are those of a multipart upload: S3 shows an object when it is whole, or not at all. */
export class S3BlobWriter extends PartWriter {
  readonly #bucket: Bucket;
  readonly #id = randomUUID();
  readonly #parts: CompletedPart[] = [];
  #uploadId: string | null = null;

  constructor(bucket: Bucket, key: string) {
    super(key, s3Error);
    this.#bucket = bucket;
  }

  protected async put(Body: Buffer): Promise<void> {
    const { client, encryption } = this.#bucket;
    await client.send(new PutObjectCommand({ ...this.#place, ...encryption, Body }));
  }

  protected async sendPart(Body: Buffer, index: number, abortSignal: AbortSignal): Promise<void> {
    const { client, encryption } = this.#bucket;
    if (this.#uploadId === null) {
      const made = { ...this.#place, ...encryption, Metadata: { writer: this.#id } };
      this.#uploadId = (await client.send(new CreateMultipartUploadCommand(made))).UploadId ?? null;
    }
    const PartNumber = index + 1;
    const { ETag } = await client.send(new UploadPartCommand({ ...this.#upload, PartNumber, Body }), { abortSignal });
    this.#parts.push({ PartNumber, ETag });
  }

  protected async complete(): Promise<void> {
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

  protected async takeBack(): Promise<void> {
    if (this.#uploadId !== null) await this.#bucket.client.send(new AbortMultipartUploadCommand(this.#upload));
  }

  get #place(): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket.name, Key: this.#bucket.prefix + this.key };
  }

  get #upload(): { Bucket: string; Key: string; UploadId: string } {
    return { ...this.#place, UploadId: this.#uploadId ?? '' };
  }
}
