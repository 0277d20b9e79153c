import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VERSION } from '@sotto/runtime';
import type { ArchiveEnd } from '../../archive/format.ts';
import type { LibraryPlace } from '../../archive/library-place.ts';
import { type ArchiveSink, ArchiveWriter } from '../../archive/writer.ts';
import type { DataPlace } from '../../service/data-place.ts';
import { copyBlobs } from './copy-blobs.ts';
import { takeSnapshot } from './snapshot.ts';

/** All that a service has. */
export interface WholePlace extends DataPlace {
  /** null: it has none. */
  library: LibraryPlace | null;
}

export interface WrittenBackup extends ArchiveEnd {
  bytes: number;
}

export const UNFINISHED = '.unfinished';

/** A file that is there as a whole or not at all. Only its owner can read it. */
export async function writeBackupFile(place: WholePlace, path: string, signal: AbortSignal): Promise<WrittenBackup> {
  const temporary = `${path}${UNFINISHED}`;
  const file = await open(temporary, 'w', 0o600);
  try {
    const written = await writeBackup(place, sinkOf(file), signal).finally(() => file.close());
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return written;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function sinkOf(file: FileHandle): ArchiveSink & { finish(): Promise<void> } {
  return {
    write: async (chunk) => {
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
    },
    finish: () => file.sync(),
  };
}

/**
 * Everything a service has, while it runs: blobs, then all keys of Redis and all rows of the library, each as they are at one
 * moment, then the blobs that came meanwhile. So every blob that a key or a row names is there, unless its work ended or its
 * item was deleted in between. Redis comes first: what is accepted between the two has its manifest among the blobs, and is
 * accepted again; the other way round, its item would be missing.
 */
export async function writeBackup(
  { redisUrl, prefix, blobs, library }: WholePlace,
  sink: ArchiveSink & { finish?(): Promise<void> },
  signal: AbortSignal,
): Promise<WrittenBackup> {
  const archive = new ArchiveWriter(sink);
  const done = new Set<string>();
  await archive.begin({ createdAt: new Date().toISOString(), version: VERSION, prefix });
  await copyBlobs(blobs, archive, done, signal);
  const snapshot = await takeSnapshot(redisUrl, prefix);
  try {
    await library?.dump(async (line) => {
      signal.throwIfAborted();
      await archive.libraryLine(line);
    });
    await copyBlobs(blobs, archive, done, signal);
    for await (const copy of snapshot.keys()) {
      signal.throwIfAborted();
      await archive.key(copy);
    }
  } finally {
    await snapshot.close();
  }
  const end = await archive.end();
  await sink.finish?.();
  return { ...end, bytes: archive.bytes };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
