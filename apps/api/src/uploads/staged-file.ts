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
export class StagedFile<Kind = Container> {
  readonly sha256: string;
  readonly bytes: number;
  /** As its first bytes tell it. */
  readonly container: Kind;
  readonly #writer: BlobWriter;
  #committing: ReturnType<BlobWriter['commit']> | null = null;

  constructor(writer: BlobWriter, facts: { sha256: string; bytes: number; container: Kind }) {
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
export function stageFile(stream: Readable, options: StageOptions): Promise<StagedFile> {
  return stageKind(stream, options, options.isRawPcm === true ? recogniseRaw : recogniseMedia);
}

/**
 * The same for files of any other kind.
 *
 * @param recognise what kind its first bytes, at most SNIFF_BYTES, are of; throws what refuses the file
 */
export async function stageKind<Kind>(
  stream: Readable,
  options: Omit<StageOptions, 'isRawPcm'>,
  recognise: (head: Buffer) => Kind,
): Promise<StagedFile<Kind>> {
  const writer = await options.storage.createWriter('uploads', options.name);
  try {
    return await fill(writer, stream, options.maxFileBytes, recognise);
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

async function fill<Kind>(
  writer: BlobWriter,
  stream: Readable,
  maxFileBytes: number,
  recognise: (head: Buffer) => Kind,
): Promise<StagedFile<Kind>> {
  const hash = createHash('sha256');
  let bytes = 0;
  let head = Buffer.alloc(0);
  let recognised: { kind: Kind } | null = null;
  // Leaving the loop must not destroy the stream: that would reach the parser as an error before ours does.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxFileBytes) throw tooLarge(maxFileBytes);
    if (recognised === null) {
      head = Buffer.concat([head, chunk.subarray(0, SNIFF_BYTES - head.length)]);
      if (head.length >= SNIFF_BYTES) recognised = { kind: recognise(head) };
    }
    hash.update(chunk);
    await writer.write(chunk);
  }
  if (bytes === 0) throw new SottoError('empty_file', 'The file has 0 bytes.');
  const container = recognised === null ? recognise(head) : recognised.kind;
  return new StagedFile(writer, { sha256: hash.digest('hex'), bytes, container });
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
