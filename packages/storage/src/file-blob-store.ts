import { constants, createReadStream } from 'node:fs';
import { access, link, mkdir, open, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { SottoError } from '@sotto/contracts';
import { errorCodeOf } from '@sotto/runtime';
import { blobKey, keyOrNull, kindOf } from './blob-key.ts';
import {
  BLOB_KINDS,
  type BlobKind,
  type BlobStore,
  type BlobWriter,
  type ByteRange,
  isEmpty,
  type ListedBlob,
  type StorageHealth,
  type StoredBlob,
} from './blob-store.ts';
import { copyThrough } from './copy-through.ts';
import { FileBlobWriter, syncFolder, withFolder } from './file-blob-writer.ts';
import { guarded, guardedWrite, storageUnavailable } from './storage-error.ts';
import { namesIn, statOrNull, sweepFolder } from './temporary-folder.ts';
import { probeName, temporaryName } from './temporary-name.ts';

/** What file systems without hard links answer, and those that allow no more of one file. */
const HAS_NO_LINKS = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EXDEV'];

/**
 * Blobs as files of one folder, which all processes share:
 * `uploads/<shard>/<name>`, `audio/<shard>/<name>`, and `temporary/<host>.<pid>.<uuid>` while being written.
 */
export class FileBlobStore implements BlobStore {
  readonly #folder: string;
  /** It has been seen to hold blobs; from then on, a folder without any of their folders is one whose volume is away. */
  #wasThere = false;

  /** Opens nothing: the folder is made when the first blob is written. */
  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  createWriter(kind: BlobKind, name?: string): Promise<BlobWriter> {
    const key = blobKey(kind, name);
    const temporaryPath = join(this.#temporaryFolder, temporaryName());
    const finalPath = this.#path(key);
    const mustBeThere = () => this.#mustNotBeAway();
    // The upload that is synced beside it takes the name of a manifest along, in the journal of the file system, and if it
    // is a moment too early, the next one does: a sync of its own would double what accepting costs.
    const syncsName = kind !== 'manifests';
    return guardedWrite(() => FileBlobWriter.open({ key, temporaryPath, finalPath, syncsName, mustBeThere }));
  }

  /** By a hard link: a blob is never written to once it is there. */
  async copy(from: string, kind: BlobKind, name: string): Promise<StoredBlob> {
    const key = blobKey(kind, name);
    const [path, finalPath] = [this.#path(from), this.#path(key)];
    const temporaryPath = join(this.#temporaryFolder, temporaryName());
    const options = { mustBeThere: () => this.#mustNotBeAway() };
    await this.#reading(() => access(path, constants.R_OK));
    try {
      await guardedWrite(async () => {
        await withFolder(this.#temporaryFolder, options, () => link(path, temporaryPath));
        await withFolder(dirname(finalPath), options, () => rename(temporaryPath, finalPath));
        // Renaming changes nothing where both are names of one file already.
        await rm(temporaryPath, { force: true });
        await syncFolder(dirname(finalPath));
      });
    } catch (error) {
      if (!(error instanceof SottoError) || !HAS_NO_LINKS.includes(errorCodeOf(error.cause) ?? '')) throw error;
      return copyThrough(this, from, kind, name);
    }
    return { key, bytes: (await this.stat(key))?.bytes ?? 0 };
  }

  async read(key: string, range?: ByteRange): Promise<Buffer> {
    const path = this.#path(key);
    return this.#reading(async () => {
      const file = await open(path, 'r');
      try {
        if (range === undefined) return await file.readFile();
        const { size } = await file.stat();
        const startByte = Math.min(Math.max(0, range.startByte), size);
        const length = Math.max(0, Math.min(range.endByte, size) - startByte);
        const buffer = Buffer.allocUnsafe(length);
        const filled = await readFully(file, buffer, startByte);
        return buffer.subarray(0, filled);
      } finally {
        await file.close();
      }
    });
  }

  async openRead(key: string, range?: ByteRange): Promise<Readable> {
    const path = this.#path(key);
    // Opened here, so that a missing blob is this promise's error and not a later event's.
    return this.#reading(async () => {
      const file = await open(path, 'r');
      if (range === undefined) return createReadStream(path, { fd: file, autoClose: true });
      if (isEmpty(range)) {
        await file.close();
        return Readable.from([]);
      }
      const start = Math.max(0, range.startByte);
      return createReadStream(path, { fd: file, autoClose: true, start, end: range.endByte - 1 });
    });
  }

  async localFile(key: string): Promise<{ path: string; release(): Promise<void> }> {
    const path = this.#path(key);
    await this.#reading(() => access(path, constants.R_OK));
    return { path, release: async () => {} };
  }

  async stat(key: string): Promise<ListedBlob | null> {
    const path = this.#path(key);
    return guarded(async () => {
      const found = await statOrNull(path);
      // What is decided by it is not decided without the volume.
      if (found === null && !(await this.#isThere())) await this.#mustNotBeAway();
      return found === null ? null : { key, bytes: found.size, modifiedMs: found.mtimeMs };
    });
  }

  async delete(key: string): Promise<boolean> {
    const path = this.#path(key);
    return guarded(async () => {
      try {
        await rm(path);
        return true;
      } catch (error) {
        if (errorCodeOf(error) === 'ENOENT') return false;
        throw error;
      }
    });
  }

  async *list(kind: BlobKind): AsyncIterable<ListedBlob> {
    for (const shard of await guarded(() => namesIn(join(this.#folder, kind)))) {
      for (const name of await guarded(() => namesIn(join(this.#folder, kind, shard)))) {
        const key = keyOrNull(`${kind}/${shard}/${name}`);
        // Not ours, or deleted since the folder was read: both are not blobs.
        const blob = key === null ? null : await this.stat(key);
        if (blob !== null) yield blob;
      }
    }
  }

  sweepTemporary(olderThanMs: number): Promise<number> {
    return sweepFolder(this.#temporaryFolder, olderThanMs);
  }

  async health(): Promise<StorageHealth> {
    try {
      await this.#mustNotBeAway();
      await mkdir(this.#temporaryFolder, { recursive: true });
      const probe = join(this.#temporaryFolder, probeName());
      // Bytes, not only a name: a full disk still takes new names.
      await writeFile(probe, 'probe').finally(() => rm(probe, { force: true }));
      const { bavail, blocks, bsize } = await statfs(this.#folder);
      return { kind: 'file', writable: true, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    } catch {
      return { kind: 'file', writable: false, freeBytes: null, totalBytes: null };
    }
  }

  /** A blob is missing only from a folder that is there: without its volume, or its mount, all of them seem to be. */
  async #reading<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await guarded(operation);
    } catch (error) {
      if (!(error instanceof SottoError) || error.code !== 'blob_missing') throw error;
      if (await this.#isThere()) throw error;
      throw storageUnavailable(error);
    }
  }

  async #isThere(): Promise<boolean> {
    const found = await namesIn(this.#folder).catch((): string[] => []);
    const isThere = BLOB_KINDS.some((kind) => found.includes(kind));
    this.#wasThere ||= isThere;
    return isThere;
  }

  /** Nothing is written in the place of a volume that is away: it would be hidden, or lost, when that is back. */
  async #mustNotBeAway(): Promise<void> {
    // Before it is looked at: others may write the very first blobs meanwhile.
    const wasThere = this.#wasThere;
    if ((await this.#isThere()) || !wasThere) return;
    throw storageUnavailable(new Error('the folder has vanished'));
  }

  get #temporaryFolder(): string {
    return join(this.#folder, 'temporary');
  }

  /** Throws on anything that is not exactly a key of ours: no text from outside becomes a path. */
  #path(key: string): string {
    kindOf(key);
    return join(this.#folder, key);
  }
}

async function readFully(file: Awaited<ReturnType<typeof open>>, buffer: Buffer, startByte: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, startByte + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
