import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type Container, SottoError, SUPPORTED_FORMATS_TEXT } from '@sotto/contracts';
import type { BlobStore, BlobWriter } from '@sotto/storage';
import { readableBytes } from '../http/readable-bytes.ts';
import { describeForeign, SNIFF_BYTES, sniffContainer } from './sniff.ts';

/**
 * An upload whose bytes are written but not yet kept.
 * staged -> committed (durable under its key) | discarded (nothing is left).
 */
export class StagedFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly container: Container;
  readonly #writer: BlobWriter;
  #committing: ReturnType<BlobWriter['commit']> | null = null;

  constructor(writer: BlobWriter, facts: { sha256: string; bytes: number; container: Container }) {
    this.#writer = writer;
    this.sha256 = facts.sha256;
    this.bytes = facts.bytes;
    this.container = facts.container;
  }

  /** Where `commit` puts it. */
  get blobKey(): string {
    return this.#writer.key;
  }

  /** @returns the blob's key, once its bytes would survive a power cut. Later calls return the same. */
  async commit(): Promise<string> {
    this.#committing ??= this.#writer.commit();
    return (await this.#committing).key;
  }

  async discard(): Promise<void> {
    await this.#writer.abort();
  }
}

export interface StageOptions {
  storage: BlobStore;
  maxFileBytes: number;
  /** Of its blob; absent: a new one. */
  name?: string;
  /** Said to be bare samples: any content is taken; what begins like a WAV file is taken for one. */
  isRawPcm?: boolean;
}

/**
 * Streams one file to storage: hashed, counted and recognised on the way, never kept in memory.
 *
 * @throws SottoError `file_too_large` at the limit, `invalid_file_format` after the first 4 KiB, `empty_file`,
 *   storage's own; whatever ends the stream with an error. Nothing is left in storage then.
 */
export async function stageFile(stream: Readable, options: StageOptions): Promise<StagedFile> {
  const writer = await options.storage.createWriter('uploads', options.name);
  try {
    return await fill(writer, stream, options);
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

async function fill(writer: BlobWriter, stream: Readable, options: StageOptions): Promise<StagedFile> {
  const { maxFileBytes, isRawPcm = false } = options;
  const recognise = isRawPcm ? recogniseRaw : recogniseMedia;
  const hash = createHash('sha256');
  let bytes = 0;
  let head = Buffer.alloc(0);
  let container: Container | null = null;
  // Leaving the loop must not destroy the stream: that would reach the parser as an error before ours does.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxFileBytes) throw tooLarge(maxFileBytes);
    if (container === null) {
      head = Buffer.concat([head, chunk.subarray(0, SNIFF_BYTES - head.length)]);
      if (head.length >= SNIFF_BYTES) container = recognise(head);
    }
    hash.update(chunk);
    await writer.write(chunk);
  }
  if (bytes === 0) throw new SottoError('empty_file', 'The file has 0 bytes.');
  return new StagedFile(writer, { sha256: hash.digest('hex'), bytes, container: container ?? recognise(head) });
}

/** Other signatures are short enough to be samples. */
function recogniseRaw(head: Uint8Array): Container {
  return sniffContainer(head) === 'wav' ? 'wav' : 'pcm';
}

/** @throws SottoError `invalid_file_format`. */
export function recogniseMedia(head: Uint8Array): Container {
  const container = sniffContainer(head);
  if (container !== null) return container;
  throw new SottoError('invalid_file_format', `The content is ${describeForeign(head)}. ${SUPPORTED_FORMATS_TEXT}`);
}

export function tooLarge(maxFileBytes: number): SottoError {
  return new SottoError('file_too_large', `Maximum file size: ${readableBytes(maxFileBytes)}`, {
    fields: { max_file_size: maxFileBytes },
  });
}
