import { once } from 'node:events';
import { connectRedis, disconnect, Heartbeats, KeyCopies } from '@sotto/queue';
import { BLOB_KINDS, type BlobStore, kindOf } from '@sotto/storage';
import { DamagedArchive } from '../../archive/format.ts';
import { libraryPlaceOf } from '../../archive/library-place.ts';
import { type ReadArchive, readArchive } from '../../archive/reader.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { withDataPlace } from '../../service/data-place.ts';
import { readSettings } from '../../settings.ts';
import { note } from '../../terminal/output.ts';
import type { WholePlace } from '../backup/write-backup.ts';
import { restoreBlobs, restoreKeys, restoreLibraryLines } from './restore-parts.ts';

export interface RestoreOptions {
  /** Only read the backup. */
  check?: boolean;
  /** Delete what is there. */
  replace?: boolean;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** Puts a backup in place of an empty service, after it has been read to its end once. */
export async function restore(path: string, { check, replace }: RestoreOptions): Promise<ExitCode> {
  try {
    const archive = await checked(path);
    const { head, keys, blobs, lines } = archive;
    const library = lines === 0 ? 'no library' : 'the library';
    note(`${path}: ${keys} keys, ${blobs} blobs and ${library} of ${head.createdAt}, written by Sotto ${head.version}`);
    if (check !== true) {
      const settings = readSettings(process.env);
      await withDataPlace(settings, (place) =>
        putInPlace(path, archive, { ...place, library: libraryPlaceOf(settings) }, replace === true),
      );
      note('It is restored. The service can be started.');
    }
    return EXIT.ok;
  } catch (error) {
    const { LibraryError } = await import('@sotto/library');
    if (error instanceof DamagedArchive || error instanceof LibraryError)
      throw new CommandError(error.message, EXIT.failed, { cause: error });
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error) {
      throw new CommandError(`${path} cannot be read: there is no such file.`, EXIT.unreadable, { cause: error });
    }
    throw error;
  }
}

/** Nothing of a backup is believed, and nothing of the service touched, before its last byte has been checked. */
async function checked(path: string): Promise<ReadArchive> {
  let prefix = '';
  const { DumpReader } = await import('@sotto/library');
  const dump = new DumpReader();
  const archive = await readArchive(path, {
    head: (head) => {
      prefix = head.prefix;
    },
    key: async ({ key }) => {
      if (!key.startsWith(`${prefix}:`)) throw new DamagedArchive('The backup is damaged: a key is not its own.');
    },
    blobBegins: async (key) => {
      try {
        kindOf(key);
      } catch (cause) {
        throw new DamagedArchive('The backup is damaged: a blob has an impossible name.', { cause });
      }
    },
    libraryLine: async (line) => void dump.read(line),
  });
  if (archive.lines > 0 && !dump.isWhole) throw new DamagedArchive('The backup is damaged: its library is cut off.');
  return archive;
}

async function putInPlace(path: string, archive: ReadArchive, place: WholePlace, replace: boolean): Promise<void> {
  const { prefix, redisUrl, blobs, library } = place;
  if (archive.head.prefix !== prefix) {
    throw new CommandError(
      `The backup is of a service with QUEUE_PREFIX=${archive.head.prefix}; this one has ${prefix}.`,
      EXIT.usage,
    );
  }
  if (archive.lines > 0 && library === null) {
    throw new CommandError('The backup has a library, and this service has none: set DATABASE_URL.', EXIT.usage);
  }
  const redis = connectRedis(redisUrl, 'worker');
  try {
    await isConnected(redis);
    const workers = await new Heartbeats(redis, { prefix, resultTtlSeconds: 1 }).list();
    if (workers.length > 0) throw new CommandError(`${workers.length} workers are running: stop the service first.`);
    const copies = new KeyCopies(redis, prefix);
    const hasLibrary = archive.lines > 0 && (await library?.isEmpty()) === false;
    const isEmpty = (await copies.isEmpty()) && (await hasNoBlobs(blobs)) && !hasLibrary;
    if (!isEmpty && !replace) {
      throw new CommandError('There is data already. To delete it and restore the backup in its place: --replace');
    }
    if (!isEmpty) await clear(copies, blobs);
    await restoreBlobs(path, blobs);
    if (archive.lines > 0) await library?.restore((put) => restoreLibraryLines(path, put));
    await restoreKeys(path, copies);
  } finally {
    await disconnect(redis);
  }
}

async function isConnected(redis: ReturnType<typeof connectRedis>): Promise<void> {
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
  } catch (cause) {
    throw new CommandError(`Redis does not answer within ${CONNECT_TIMEOUT_MS / 1_000} s.`, EXIT.unreachable, {
      cause,
    });
  }
}

async function hasNoBlobs(blobs: BlobStore): Promise<boolean> {
  for (const kind of BLOB_KINDS) for await (const _ of blobs.list(kind)) return false;
  return true;
}

async function clear(copies: KeyCopies, blobs: BlobStore): Promise<void> {
  await copies.clear();
  for (const kind of BLOB_KINDS) for await (const { key } of blobs.list(kind)) await blobs.delete(key);
}
