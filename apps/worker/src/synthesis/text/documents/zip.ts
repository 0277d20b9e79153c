import { buffer } from 'node:stream/consumers';
import { SottoError } from '@sotto/contracts';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { notReadable } from './not-readable.ts';

/** Of one document, unpacked; a long novel has some 3 MB. */
const MOST = { entries: 5000, entryBytes: 16 * 1024 * 1024, bytes: 64 * 1024 * 1024 };
/** Text is never packed so well; a bomb is. */
const MOST_RATIO = 200;

/** The files in a document, by their names. */
export interface Archive {
  has(name: string): boolean;
  /** @throws SottoError invalid_document: there is none, or it is too large */
  text(name: string): Promise<string>;
}

/** @throws SottoError invalid_document: it is no archive */
export async function openArchive(bytes: Buffer): Promise<Archive> {
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false });
    return new ZipArchive(zip, await entriesOf(zip));
  } catch (cause) {
    if (cause instanceof SottoError) throw cause;
    throw notReadable('is not in its format, or it is damaged', cause);
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST.entries) throw notReadable('has too many parts');
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  return entries;
}

class ZipArchive implements Archive {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  #bytesLeft = MOST.bytes;

  constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  async text(name: string): Promise<string> {
    const entry = this.#entries.get(name);
    if (!entry) throw notReadable('lacks a part');
    if (entry.isEncrypted()) throw notReadable('is encrypted');
    this.#mustFit(entry);
    try {
      return (await buffer(await this.#zip.openReadStreamPromise(entry))).toString();
    } catch (cause) {
      throw notReadable('is damaged', cause);
    }
  }

  /** By the sizes that the archive states; yauzl stops when more comes out. */
  #mustFit({ compressedSize, uncompressedSize }: Entry): void {
    this.#bytesLeft -= uncompressedSize;
    if (uncompressedSize > MOST.entryBytes || this.#bytesLeft < 0) throw notReadable('is too large, unpacked');
    if (uncompressedSize > MOST_RATIO * (compressedSize + 1024)) throw notReadable('is packed too well');
  }
}
