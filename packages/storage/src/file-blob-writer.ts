import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCodeOf } from '@sotto/runtime';
import type { StoredBlob } from './blob-store.ts';
import { StagedBlobWriter } from './staged-blob-writer.ts';
import { guardedWrite } from './storage-error.ts';

export interface FileBlobWriterOptions {
  key: string;
  /** On the same file system as `finalPath`: the rename must be atomic. */
  temporaryPath: string;
  finalPath: string;
  /** Whether `commit` waits until the name survives a power cut, too. */
  syncsName: boolean;
  /** Called before a folder is made. @throws SottoError `storage_unavailable` when the whole store is away */
  mustBeThere(): Promise<void>;
}

/** Chunks of a socket are small, and each write is a trip through the thread pool, where others wait for the disk. */
const GATHER_BYTES = 256 * 1024;
/** A client may send byte by byte, and a chunk takes far more memory than that. */
const GATHER_CHUNKS = 256;

/**
 * Writes to a temporary name; commit makes the content durable first, then the name: after a crash at any point the final name either does not exist or holds every byte.
 */
export class FileBlobWriter extends StagedBlobWriter {
  readonly #options: FileBlobWriterOptions;
  readonly #file: FileHandle;
  /** What has been taken and not yet been written, and how much it is. */
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #bytes = 0;

  private constructor(options: FileBlobWriterOptions, file: FileHandle) {
    super();
    this.#options = options;
    this.#file = file;
  }

  get key(): string {
    return this.#options.key;
  }

  static async open(options: FileBlobWriterOptions): Promise<FileBlobWriter> {
    const create = () => open(options.temporaryPath, 'wx', 0o640);
    return new FileBlobWriter(options, await withFolder(dirname(options.temporaryPath), options, create));
  }

  protected async append(chunk: Uint8Array): Promise<void> {
    this.#gathered.push(chunk);
    this.#gatheredBytes += chunk.byteLength;
    if (this.#gatheredBytes >= GATHER_BYTES || this.#gathered.length >= GATHER_CHUNKS)
      await guardedWrite(() => this.#flush());
  }

  async #flush(): Promise<void> {
    while (this.#gatheredBytes > 0) {
      const { bytesWritten } = await this.#file.writev(this.#gathered, this.#bytes);
      this.#bytes += bytesWritten;
      this.#gatheredBytes -= bytesWritten;
      this.#gathered = withoutFirst(this.#gathered, bytesWritten);
    }
    this.#gathered = [];
  }

  protected async publish(): Promise<StoredBlob> {
    const { key, temporaryPath, finalPath, syncsName } = this.#options;
    await guardedWrite(async () => {
      await this.#flush();
      await this.#file.sync();
      const renamed = withFolder(dirname(finalPath), this.#options, () => rename(temporaryPath, finalPath));
      await Promise.all([renamed, this.#file.close()]);
      if (syncsName) await syncFolder(dirname(finalPath));
    });
    return { key, bytes: this.#bytes };
  }

  protected async discard(): Promise<void> {
    // A handle that a failed commit already closed is closed enough.
    await this.#file.close().catch(() => {});
    await guardedWrite(() => rm(this.#options.temporaryPath, { force: true }));
  }
}

/** The folder is there for all blobs but its first: only a missing one costs a call of its own. */
export async function withFolder<T>(
  folder: string,
  { mustBeThere }: Pick<FileBlobWriterOptions, 'mustBeThere'>,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
    await mustBeThere();
    await mkdirDurably(folder);
    return step();
  }
}

/** A new folder's own name must survive too: its parent is synced when the folder was made. */
async function mkdirDurably(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  if (made !== undefined) await syncFolder(dirname(made));
}

/** Some network file systems refuse to sync a folder; they make renames durable themselves. */
const CANNOT_SYNC_FOLDERS = ['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM'];

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!CANNOT_SYNC_FOLDERS.includes(errorCodeOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/** What is left of these chunks when so many bytes of them are gone. */
function withoutFirst(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let gone = bytes;
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(Math.min(gone, chunk.byteLength));
    gone -= chunk.byteLength - rest.byteLength;
    return rest.byteLength === 0 ? [] : [rest];
  });
}
