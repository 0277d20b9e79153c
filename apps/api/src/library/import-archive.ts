import { SottoError, type WireImport } from '@sotto/contracts';
import { openPromise, type ZipFile } from 'yauzl';
import { entryOf } from './archive-format.ts';
import { type ImportDeps, importItem } from './import-item.ts';
import { type ItemEntries, ItemSource } from './item-source.ts';

const MAX_ENTRIES = 400_000;
const MAX_FAILURES_TOLD = 100;

const notUsable = (detail: string): SottoError => new SottoError('archive_not_usable', detail);

/**
 * Adds what is in an archive to the library of an account, item by item: each is there as a whole or not at all, and one that
 * was there before is skipped, so that an import that was interrupted is simply repeated.
 *
 * @param path of a file on this machine
 * @throws SottoError `archive_not_usable` when it is no archive of a library; `disk_full`, `library_unavailable` and such
 */
export async function importArchive(path: string, account: string, deps: ImportDeps): Promise<WireImport> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch((cause: unknown) => {
    throw new SottoError('archive_not_usable', 'It is not a ZIP archive, or it is damaged.', { cause });
  });
  try {
    const items = await itemsIn(zip);
    if (items.size === 0) throw notUsable('It has no items of a library.');
    const outcome: WireImport = { imported: 0, skipped: 0, failed: [] };
    for (const [id, entries] of items) {
      try {
        const isNew = await importItem(id, new ItemSource(zip, entries), account, deps);
        if (isNew) outcome.imported += 1;
        else outcome.skipped += 1;
      } catch (error) {
        const detail = problemOf(error);
        if (outcome.failed.length < MAX_FAILURES_TOLD) outcome.failed.push({ entry: `items/${id}`, detail });
      }
    }
    return outcome;
  } finally {
    zip.close();
  }
}

/** @throws what is not the item's own fault */
function problemOf(error: unknown): string {
  if (error instanceof SottoError) {
    if (error.status >= 500) throw error;
    return error.detail;
  }
  // Of yauzl: what it unpacks is not what the archive says.
  if (error instanceof Error && 'code' in error === false) return `It is damaged: ${error.message}.`;
  throw error;
}

async function itemsIn(zip: ZipFile): Promise<Map<string, ItemEntries>> {
  if (zip.entryCount > MAX_ENTRIES) throw notUsable(`It has more than ${MAX_ENTRIES} entries.`);
  const items = new Map<string, ItemEntries>();
  try {
    for await (const entry of zip.eachEntry()) {
      const known = entryOf(entry.fileName);
      if (known === null) continue;
      const entries = items.get(known.itemId) ?? {};
      entries[known.name] = entry;
      items.set(known.itemId, entries);
    }
  } catch (cause) {
    throw new SottoError('archive_not_usable', 'Its directory is damaged.', { cause });
  }
  return items;
}
