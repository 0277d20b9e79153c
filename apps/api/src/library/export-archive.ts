import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Item, StoredEdit } from '@sotto/library';
import { decodeResult } from '@sotto/queue/results';
import type { Response } from 'express';
import { ZipFile } from 'yazl';
import { ClientGone } from '../http/client-gone.ts';
import { ARCHIVE_VERSION, type ArchivedItem, entryPath } from './archive-format.ts';
import type { LibraryDeps } from './library-deps.ts';

/**
 * Sends all that an account has kept as a ZIP archive. Each part is read when the client is ready for it, so that memory for
 * one is enough for any number. What is deleted meanwhile breaks the download off: an archive that silently lacks something
 * would be worse.
 *
 * @throws ClientGone
 */
export async function sendLibrary(
  account: string,
  response: Response,
  { library, storage }: Pick<LibraryDeps, 'library' | 'storage'>,
): Promise<void> {
  const contents = await library.use(({ archives }) => archives.contents(account));
  const zip = new ZipFile();
  zip.on('error', (error: Error) => response.destroy(error));
  response.attachment(`sotto-library-${new Date().toISOString().slice(0, 10)}.zip`).type('application/zip');
  const add = (path: string, compress: boolean, read: () => Promise<Readable>) =>
    zip.addReadStreamLazy(path, { compress }, (give) => {
      read().then(
        (content) => give(null, content),
        (error: unknown) => give(error, Readable.from([])),
      );
    });
  for (const { id, hasTranscript, hasEdits, recordingKey } of contents) {
    const json = (value: unknown) => Readable.from([Buffer.from(JSON.stringify(value))]);
    add(entryPath(id, 'item.json'), true, async () => json(await archivedItem(id, account, library)));
    if (hasTranscript) {
      add(entryPath(id, 'transcript.json'), true, async () => json(await canonicalOf(id, library)));
    }
    if (hasEdits) {
      add(entryPath(id, 'edits.json'), true, async () =>
        json((await library.use(({ edits }) => edits.list(id))).map(archivedEdit)),
      );
    }
    if (recordingKey !== null) {
      add(entryPath(id, 'recording'), false, () => storage.openRead(recordingKey));
    }
  }
  zip.end();
  try {
    await pipeline(zip.outputStream, response);
  } catch (error) {
    throw response.errored === null ? new ClientGone() : error;
  }
}

async function archivedItem(id: string, account: string, library: LibraryDeps['library']): Promise<ArchivedItem> {
  return library.use(async ({ items, folders, feedback }) => {
    const item = await items.find(id);
    if (item === null) throw new Error(`Item ${id} was deleted while it was exported.`);
    const folder = item.folderId === null ? null : await folders.find(item.folderId, account);
    const given = await feedback.of(id, account);
    return toArchived(item, folder?.name ?? null, given);
  });
}

function toArchived(item: Item, folder: string | null, given: ArchivedItem['feedback']): ArchivedItem {
  const { status } = item;
  if (status === 'processing') throw new Error(`Item ${item.id} has not ended.`);
  return {
    version: ARCHIVE_VERSION,
    id: item.id,
    title: item.title,
    tags: item.tags,
    folder,
    status,
    error_code: item.errorCode,
    error_message: item.errorMessage,
    file_name: item.fileName,
    audio_type: item.audioType,
    keep_until: item.keepUntil?.toISOString() ?? null,
    created_at: item.createdAt.toISOString(),
    ended_at: item.endedAt?.toISOString() ?? null,
    feedback: given === null ? null : { rating: given.rating, note: given.note },
  };
}

async function canonicalOf(id: string, library: LibraryDeps['library']): Promise<unknown> {
  const stored = await library.use(({ items }) => items.canonical(id));
  if (stored === null) throw new Error(`Item ${id} was deleted while it was exported.`);
  return decodeResult({ bytes: stored.bytes, encoding: stored.encoding === 'json' ? 'json' : 'columns' });
}

const archivedEdit = ({ operationId, operation, baseRevision, madeAt }: StoredEdit) => ({
  id: operationId,
  operations: operation,
  base_revision: baseRevision,
  at: madeAt.toISOString(),
});
