import type { Readable } from 'node:stream';
import { SottoError, toIso } from '@sotto/contracts';
import type { ResumableUpload } from '@sotto/queue';
import { DataStore, Upload } from '@tus/server';
import { SNIFF_BYTES } from '../uploads/sniff.ts';
import { recogniseMedia } from '../uploads/staged-file.ts';
import { type PartDeps, PartWriter } from './part-writer.ts';
import { deleteParts, headOf } from './parts.ts';

export interface UploadStoreDeps extends PartDeps {
  /** No byte for this long: 408. */
  idleMs: number;
  /** Aborts when the process begins to stop. */
  stopping: AbortSignal;
}

/**
 * tus's view of uploads that come in pieces. It is asked to write a stream that may end because the connection did: then
 * too, everything that came is kept.
 */
export class UploadStore extends DataStore {
  override extensions = ['creation', 'creation-with-upload', 'creation-defer-length', 'expiration', 'termination'];
  readonly #deps: UploadStoreDeps;

  constructor(deps: UploadStoreDeps) {
    super();
    this.#deps = deps;
  }

  override async create(upload: Upload): Promise<Upload> {
    const { uploads, keyShares, keepMs } = this.#deps;
    const { id, size: totalBytes = null, metadata = {} } = upload;
    const keyId = ownerOf(upload);
    const fresh = { id, keyId, totalBytes, offset: 0, metadata, touchedAtMs: Date.now(), jobId: null };
    await uploads.create(fresh, keepMs, await keyShares.held(fresh));
    return upload;
  }

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const parts = new PartWriter(this.#deps, await this.#find(id), offset);
    try {
      await this.#receive(stream, parts, offset === 0 ? new Head() : null);
    } catch (error) {
      if (!(error instanceof SottoError) || error.code !== 'invalid_file_format') throw error;
      await parts.discard();
      await this.remove(id);
      throw error;
    } finally {
      // However it ended: what arrived is kept, so that the client need not send it again.
      await parts.flush();
    }
    return parts.offset;
  }

  async #receive(stream: Readable, parts: PartWriter, head: Head | null): Promise<void> {
    const { stopping, idleMs } = this.#deps;
    for await (const chunk of chunksOf(stream, idleMs)) {
      head?.add(chunk);
      await parts.write(chunk);
      if (stopping.aborted)
        throw new SottoError(
          'shutting_down',
          'Resume the upload: another replica will take it, or this one after its restart.',
        );
    }
  }

  /**
   * The last look at a whole upload, for those whose first piece was too small to tell.
   *
   * @throws SottoError `invalid_file_format`; it is removed then.
   */
  async checkWhole(id: string): Promise<void> {
    const { uploads, storage } = this.#deps;
    try {
      recogniseMedia(await headOf(await uploads.parts(id), storage, SNIFF_BYTES));
    } catch (error) {
      await this.remove(id);
      throw error;
    }
  }

  override async getUpload(id: string): Promise<Upload> {
    return asTusUpload(await this.#find(id));
  }

  async #find(id: string): Promise<ResumableUpload> {
    const upload = await this.#deps.uploads.find(id);
    if (upload === null) throw new SottoError('upload_not_found', 'The upload was deleted or has expired.');
    return upload;
  }

  override async declareUploadLength(id: string, totalBytes: number): Promise<void> {
    await this.#deps.uploads.declareLength(id, totalBytes, this.#deps.keepMs);
  }

  override async remove(id: string): Promise<void> {
    await deleteParts(await this.#deps.uploads.remove(id), this.#deps.storage);
  }

  override getExpiration(): number {
    return this.#deps.keepMs;
  }
}

/** The first bytes of a recording, refused as soon as they show that it is none. */
class Head {
  #bytes: Buffer | null = Buffer.alloc(0);

  add(chunk: Buffer): void {
    if (this.#bytes === null) return;
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, SNIFF_BYTES - this.#bytes.length)]);
    if (this.#bytes.length < SNIFF_BYTES) return;
    recogniseMedia(this.#bytes);
    this.#bytes = null;
  }
}

/** Carries the owner from the hook, which knows the request, to the store, which does not. */
export function ownedBy(upload: Upload, keyId: string | null): Upload {
  upload.storage = { type: 'parts', path: keyId ?? '' };
  return upload;
}

function ownerOf(upload: Upload): string | null {
  return upload.storage?.path || null;
}

/** tus counts expiration from `creation_date`; each part starts it anew. */
function asTusUpload({ id, offset, totalBytes, metadata, touchedAtMs }: ResumableUpload): Upload {
  const creation_date = toIso(touchedAtMs);
  return new Upload({ id, offset, metadata, creation_date, ...(totalBytes !== null && { size: totalBytes }) });
}

/**
 * Ends by itself when no data arrives: if the stream were destroyed instead, the response would be sent before the data is kept.
 *
 * @throws SottoError `upload_timeout` when no byte came for so long.
 */
async function* chunksOf(stream: Readable, idleMs: number): AsyncGenerator<Buffer> {
  const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  for (;;) {
    let silence: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      silence = setTimeout(() => {
        reject(new SottoError('upload_timeout', `No data was received for ${idleMs / 1000} s.`));
      }, idleMs);
    });
    const next = await Promise.race([iterator.next(), late]).finally(() => clearTimeout(silence));
    if (next.done) return;
    yield next.value;
  }
}
