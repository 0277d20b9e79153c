import { buffer } from 'node:stream/consumers';
import { SottoError } from '@sotto/contracts';
import type { Entry, ZipFile } from 'yauzl';
import type { EntryName } from './archive-format.ts';

/** What one entry may take, unpacked. */
const MAX_BYTES: Record<Exclude<EntryName, 'recording'>, number> = {
  'item.json': 1024 * 1024,
  'transcript.json': 64 * 1024 * 1024,
  'edits.json': 64 * 1024 * 1024,
};
/** Speech, and what is written of it, is never packed so well; a bomb is. */
const MAX_RATIO = 200;

export type ItemEntries = Partial<Record<EntryName, Entry>>;

/** Reads what an archive has of one item. */
export class ItemSource {
  readonly #zip: ZipFile;
  readonly #entries: ItemEntries;

  constructor(zip: ZipFile, entries: ItemEntries) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** undefined: it has none. @throws SottoError `archive_not_usable` */
  async json(name: Exclude<EntryName, 'recording'>): Promise<unknown> {
    const entry = this.#entries[name];
    if (entry === undefined) return undefined;
    if (entry.uncompressedSize > MAX_BYTES[name]) throw notUsable(`${name} is too large.`);
    mustNotBeBomb(entry);
    const bytes = await buffer(await this.#zip.openReadStreamPromise(entry));
    try {
      return JSON.parse(bytes.toString());
    } catch {
      throw notUsable(`${name} is not JSON.`);
    }
  }

  /** null: it has none. @throws SottoError `archive_not_usable` */
  recording(): { bytes: number; open(): Promise<AsyncIterable<Uint8Array>> } | null {
    const entry = this.#entries.recording;
    if (entry === undefined) return null;
    mustNotBeBomb(entry);
    return { bytes: entry.uncompressedSize, open: () => this.#zip.openReadStreamPromise(entry) };
  }
}

function mustNotBeBomb({ fileName, compressedSize, uncompressedSize }: Entry): void {
  if (uncompressedSize > MAX_RATIO * (compressedSize + 1024)) throw notUsable(`${fileName} is packed too well.`);
}

const notUsable = (detail: string): SottoError => new SottoError('archive_not_usable', detail);
