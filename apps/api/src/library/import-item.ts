import { createHash, randomUUID } from 'node:crypto';
import { SottoError, type Transcript, transcriptSchema } from '@sotto/contracts';
import type { ImportedItem, KeptTranscript } from '@sotto/library';
import { replay } from '@sotto/transcript';
import type { z } from 'zod';
import { problemsOf } from '../http/invalid-parameter.ts';
import type { Space } from '../http/space.ts';
import { type ArchivedEdits, type ArchivedItem, archivedEditsSchema, archivedItemSchema } from './archive-format.ts';
import type { ItemSource } from './item-source.ts';
import { recordingKeyOf } from './keeper.ts';
import { keptRenderer, readKept } from './kept-renderer.ts';
import type { LibraryDeps } from './library-deps.ts';

export interface ImportDeps extends Pick<LibraryDeps, 'library' | 'results' | 'storage' | 'settings'> {
  space: Pick<Space, 'health'>;
}

/** A recording that no item has taken by then is removed. */
const CLAIM_MS = 3_600_000;

/**
 * Adds one item. Its recording comes first, and is listed for removal until the item has it: whoever dies in between
 * leaves nothing.
 *
 * @param archivedId as it was where it comes from
 * @returns false: it is there already
 * @throws SottoError `archive_not_usable` and those of the storage and the library
 */
export async function importItem(
  archivedId: string,
  source: ItemSource,
  account: string,
  deps: ImportDeps,
): Promise<boolean> {
  const archived = parsed(archivedItemSchema, await source.json('item.json'), 'item.json');
  const id = importedId(account, archivedId);
  if (await deps.library.use(({ items }) => isThere([archivedId, id], account, items))) return false;
  const transcript = await transcriptOf(archived, source);
  const edits = transcript === null ? [] : await editsOf(transcript, source);
  const kept = transcript === null ? null : await keptOf(transcript, deps);
  const audio = await importRecording(id, archived, source, deps);
  const item = importedItem({ id, account, archived, audio, kept, edits });
  return deps.library.use(async ({ archives, folders, feedback }) => {
    const folderId =
      archived.folder === null ? null : (await folders.ensure(account, archived.folder, randomUUID())).id;
    const isNew = await archives.add({ ...item, folderId });
    if (isNew && archived.feedback !== null) await feedback.give({ itemId: id, account, ...archived.feedback });
    return isNew;
  });
}

/** The same each time, and no job's: who imports cannot choose the id of somebody else's. */
function importedId(account: string, archivedId: string): string {
  const hash = createHash('sha256').update(`${account}\n${archivedId}`).digest('hex');
  const variant = '89ab'[Number.parseInt(hash[16] ?? '0', 16) % 4];
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

async function isThere(
  ids: string[],
  account: string,
  items: { find(id: string): Promise<{ account: string } | null> },
): Promise<boolean> {
  const found = await Promise.all(ids.map((id) => items.find(id)));
  return found.some((item) => item?.account === account);
}

async function transcriptOf({ status }: ArchivedItem, source: ItemSource): Promise<Transcript | null> {
  if (status !== 'completed') return null;
  const transcript = parsed(transcriptSchema, await source.json('transcript.json'), 'transcript.json');
  if (JSON.stringify(transcript).includes('\\u0000')) throw notUsable('transcript.json contains U+0000.');
  return transcript;
}

async function editsOf(transcript: Transcript, source: ItemSource): Promise<ArchivedEdits> {
  const json = await source.json('edits.json');
  if (json === undefined) return [];
  const edits = parsed(archivedEditsSchema, json, 'edits.json');
  if (new Set(edits.map(({ id }) => id)).size !== edits.length) throw notUsable('edits.json has an edit twice.');
  try {
    replay(
      transcript,
      edits.map(({ id, operations }) => ({ id, operations })),
    );
  } catch (error) {
    throw notUsable(`edits.json cannot be made: ${error instanceof SottoError ? error.detail : 'it is damaged.'}`);
  }
  return edits;
}

async function keptOf(transcript: Transcript, { results }: ImportDeps): Promise<KeptTranscript> {
  const stored = { bytes: Buffer.from(JSON.stringify(transcript)), encoding: 'json' as const };
  const { body } = await results.stored({ stored, speakers: null, names: [] }, keptRenderer, {});
  return readKept(body);
}

async function importRecording(
  id: string,
  { audio_type: type }: ArchivedItem,
  source: ItemSource,
  { library, storage, settings, space }: ImportDeps,
): Promise<ImportedItem['audio']> {
  const recording = source.recording();
  if (recording === null || type === null) return null;
  if (recording.bytes > settings.maxFileBytes) throw notUsable('The recording is larger than this service accepts.');
  const { freeBytes } = await space.health();
  if (freeBytes !== null && freeBytes - recording.bytes < settings.minFreeDiskBytes) {
    throw new SottoError('disk_full', 'There is not enough disk space for a recording.', { retryAfterSeconds: 60 });
  }
  const key = recordingKeyOf(id);
  await library.use(({ archives }) => archives.claim(key, new Date(Date.now() + CLAIM_MS)));
  const writer = await storage.createWriter('library', id);
  try {
    for await (const chunk of await recording.open()) await writer.write(chunk);
    const { bytes } = await writer.commit();
    return { key, bytes, type };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

interface Parts {
  id: string;
  account: string;
  archived: ArchivedItem;
  audio: ImportedItem['audio'];
  kept: KeptTranscript | null;
  edits: ArchivedEdits;
}

function importedItem({ id, account, archived, audio, kept, edits }: Parts): Omit<ImportedItem, 'folderId'> {
  const timeOf = (text: string | null) => (text === null ? null : new Date(text));
  return {
    id,
    account,
    title: archived.title,
    tags: [...new Set(archived.tags)],
    status: archived.status,
    failure: archived.error_code === null ? null : { code: archived.error_code, message: archived.error_message ?? '' },
    fileName: archived.file_name,
    audio,
    keepUntil: timeOf(archived.keep_until),
    createdAt: new Date(archived.created_at),
    endedAt: timeOf(archived.ended_at),
    kept,
    edits: edits.map(({ id: operationId, operations, base_revision: baseRevision, at }) => {
      return { operationId, operation: operations, baseRevision, madeBy: account, madeAt: new Date(at) };
    }),
  };
}

function parsed<T extends z.ZodType>(schema: T, json: unknown, name: string): z.output<T> {
  if (json === undefined) throw notUsable(`There is no ${name}.`);
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [first] = problemsOf(result.error);
  throw notUsable(`${name}: ${first?.field ?? 'it'} ${first?.problem ?? 'is not as it should be'}.`);
}

const notUsable = (detail: string): SottoError => new SottoError('archive_not_usable', detail);
