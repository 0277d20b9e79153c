import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { SottoError } from '@sotto/contracts';
import type { CanonicalTranscript, Item, StoredEdit } from '@sotto/library';
import { decodeResult } from '@sotto/queue/results';
import type { Response } from 'express';
import { ZipFile } from 'yazl';
import { ClientGone } from '../http/client-gone.ts';
import { ARCHIVE_VERSION, type ArchivedItem, entryPath } from './archive-format.ts';
import type { LibraryDeps } from './library-deps.ts';

/**
 * Sends all that an account has kept as a ZIP archive. An item is read when the client has taken the one before, so that memory
 * for one is enough for any number. What is deleted meanwhile is left out, as a whole; anything else that cannot be read breaks
 * the download off, since an archive that silently lacks something would be worse.
 *
 * @throws ClientGone
 */
export async function sendLibrary(account: string, response: Response, deps: ExportDeps): Promise<void> {
  const ids = await deps.library.use(({ archives }) => archives.ids(account));
  const zip = new ZipFile();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  zip.on('error', (error: Error) => response.destroy(error));
  response.attachment(`sotto-library-${new Date().toISOString().slice(0, 10)}.zip`).type('application/zip');
  const adding = addItems(zip, ids, gone.signal, account, deps).catch((error: unknown) => {
    if (!gone.signal.aborted) response.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    await pipeline(zip.outputStream, response);
  } catch (error) {
    throw response.errored === null ? new ClientGone() : error;
  } finally {
    await adding;
  }
}

type ExportDeps = Pick<LibraryDeps, 'library' | 'storage'>;

async function addItems(
  zip: ZipFile,
  ids: readonly string[],
  signal: AbortSignal,
  account: string,
  deps: ExportDeps,
): Promise<void> {
  for (const id of ids) {
    const parts = await partsOf(id, account, deps);
    for (const { path, content, compress } of parts) zip.addReadStream(content, path, { compress });
    // They are read in this order.
    const last = parts.at(-1);
    try {
      if (last !== undefined) await finished(last.content, { signal });
    } catch (error) {
      for (const { content } of parts) content.destroy();
      throw error;
    }
  }
  zip.end();
}

interface Part {
  path: string;
  content: Readable;
  /** Sound hardly gets smaller. */
  compress: boolean;
}

/** None: the item has been deleted, or is being made again. */
async function partsOf(id: string, account: string, { library, storage }: ExportDeps): Promise<Part[]> {
  const stored = await library.use(async ({ items, folders, feedback, edits }) => {
    const item = await items.find(id);
    if (item === null || item.status === 'processing') return null;
    const folder = item.folderId === null ? null : await folders.find(item.folderId, account);
    const archived = toArchived(item, item.status, folder?.name ?? null, await feedback.of(id, account));
    return { item, archived, canonical: await items.canonical(id), journal: await edits.list(id) };
  });
  if (stored === null) return [];
  const { item, archived, canonical, journal } = stored;
  const recording = item.audioKey === null ? null : await recordingOf(item.audioKey, storage);
  if (recording === 'deleted' || (canonical === null && item.status === 'completed')) {
    if (recording instanceof Readable) recording.destroy();
    if ((await library.use(({ items }) => items.find(id))) === null) return [];
    throw new Error(`The transcript or the recording of item ${id} is missing.`);
  }
  const json = (name: 'item.json' | 'transcript.json' | 'edits.json', value: unknown): Part => ({
    path: entryPath(id, name),
    content: Readable.from([Buffer.from(JSON.stringify(value))]),
    compress: true,
  });
  return [
    json('item.json', archived),
    ...(canonical === null ? [] : [json('transcript.json', await decoded(canonical))]),
    ...(journal.length === 0 ? [] : [json('edits.json', journal.map(archivedEdit))]),
    ...(recording === null ? [] : [{ path: entryPath(id, 'recording'), content: recording, compress: false }]),
  ];
}

/** Open: it can be read to its end even if it is deleted meanwhile. */
async function recordingOf(key: string, storage: ExportDeps['storage']): Promise<Readable | 'deleted'> {
  try {
    return await storage.openRead(key);
  } catch (error) {
    if (error instanceof SottoError && error.code === 'blob_missing') return 'deleted';
    throw error;
  }
}

function toArchived(
  item: Item,
  status: ArchivedItem['status'],
  folder: string | null,
  given: ArchivedItem['feedback'],
): ArchivedItem {
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

const decoded = ({ bytes, encoding }: CanonicalTranscript): Promise<unknown> =>
  decodeResult({ bytes, encoding: encoding === 'json' ? 'json' : 'columns' });

const archivedEdit = ({ operationId, operation, baseRevision, madeAt }: StoredEdit) => ({
  id: operationId,
  operations: operation,
  base_revision: baseRevision,
  at: madeAt.toISOString(),
});
