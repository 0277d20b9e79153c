import { SottoError } from '@sotto/contracts';
import type { ResumableUpload, ResumableUploads } from '@sotto/queue';
import type { BlobStore, BlobWriter } from '@sotto/storage';
import type { KeyShares } from '../http/key-shares.ts';

export interface PartDeps {
  storage: BlobStore;
  uploads: ResumableUploads;
  keyShares: KeyShares;
  /** How long an upload without progress is kept. */
  keepMs: number;
}

/** What a killed process can lose of an upload: whichever comes first. */
const PART_BYTES = 16 * 1024 * 1024;
const PART_MS = 10_000;

/**
 * Writes an upload in parts, each durable before it counts. Each part is a blob: any store will do, and any process can
 * continue where this one stopped.
 */
export class PartWriter {
  readonly #deps: PartDeps;
  readonly #upload: ResumableUpload;
  #offset: number;
  #part: { writer: BlobWriter; bytes: number; begunMs: number } | null = null;

  constructor(deps: PartDeps, upload: ResumableUpload, offset: number) {
    this.#deps = deps;
    this.#upload = upload;
    this.#offset = offset;
  }

  /** End of what counts. */
  get offset(): number {
    return this.#offset;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#part ??= { writer: await this.#deps.storage.createWriter('uploads'), bytes: 0, begunMs: performance.now() };
    const part = this.#part;
    try {
      await part.writer.write(chunk);
    } catch (error) {
      await this.discard();
      throw error;
    }
    part.bytes += chunk.length;
    if (part.bytes >= PART_BYTES || performance.now() - part.begunMs >= PART_MS) await this.flush();
  }

  /**
   * What was written counts from here on.
   *
   * @throws SottoError `upload_conflict` when another connection was first, `upload_not_found`, `key_full`, storage's
   *   own.
   */
  async flush(): Promise<void> {
    const part = this.#part;
    this.#part = null;
    if (part === null) return;
    const { storage, uploads, keyShares, keepMs } = this.#deps;
    const { key, bytes } = await part.writer.commit();
    try {
      const limits = await keyShares.held(this.#upload);
      const appended = { blobKey: key, bytes };
      const outcome = await uploads.append(this.#upload, this.#offset, appended, keepMs, limits);
      if (typeof outcome !== 'object') throw refusal(outcome);
      this.#offset = outcome.offset;
    } catch (error) {
      // Unless it may have been appended: then the sweep looks after it.
      if (!isUnsettled(error)) await storage.delete(key);
      throw error;
    }
  }

  /** Drops what does not count yet. */
  async discard(): Promise<void> {
    const part = this.#part;
    this.#part = null;
    await part?.writer.abort();
  }
}

const isUnsettled = (error: unknown): boolean => !(error instanceof SottoError) || error.code === 'queue_unavailable';

function refusal(outcome: 'conflict' | 'gone' | 'too_many_parts'): SottoError {
  switch (outcome) {
    case 'conflict':
      return new SottoError(
        'upload_conflict',
        'Another connection has continued this upload. Ask for its offset (HEAD).',
      );
    case 'gone':
      return new SottoError('upload_not_found', 'The upload was deleted, used or expired in the meantime.');
    case 'too_many_parts':
      return new SottoError(
        'invalid_request',
        'The upload was sent in too many small parts. Start again with larger ones.',
      );
  }
}
