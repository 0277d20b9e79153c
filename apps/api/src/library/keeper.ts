import { parse } from 'node:path';
import type { Container, DeliveryOptions } from '@sotto/contracts';
import type { NewItem } from '@sotto/library';
import { type BlobStore, blobKey } from '@sotto/storage';
import { audioTypeOf } from './audio-type.ts';
import type { LibraryStore } from './library-store.ts';

export interface KeptUpload {
  /** Of the job, and of the item. */
  id: string;
  account: string;
  keep: NonNullable<DeliveryOptions['keep']>;
  fileName: string;
  container: Container;
  bytes: number;
  /** Of the upload, which the service deletes after the job. */
  uploadKey: string;
  language: string | null;
  model: string | null;
  task: string | null;
}

/** An item whose work is being accepted: reserved -> filled -> accepted, or given up. */
export interface Keeping {
  /** The upload is in storage: it is copied, as the service deletes it after the job. @throws SottoError of the storage */
  fill(): Promise<void>;
  /** The work is accepted. Never throws: the end of the job, or the sweep, tells as much. */
  accepted(): Promise<void>;
  /** The work is not accepted. Never throws: what is left is swept. */
  giveUp(): Promise<void>;
}

export const recordingKeyOf = (itemId: string): string => blobKey('library', itemId);

const DAY_MS = 86_400_000;

/** Puts items into the library before their work is accepted, so that from then on nothing of it can be lost. */
export class Keeper {
  readonly #store: LibraryStore;
  readonly #blobs: Pick<BlobStore, 'copy' | 'delete'>;

  constructor(store: LibraryStore, blobs: Pick<BlobStore, 'copy' | 'delete'>) {
    this.#store = store;
    this.#blobs = blobs;
  }

  /** false: this service has no library. */
  get isOn(): boolean {
    return this.#store.isOn;
  }

  /** @throws SottoError `library_off`, `library_unavailable` */
  async reserve(upload: KeptUpload): Promise<Keeping> {
    await this.#store.use(async ({ items, accounts }) => {
      const days = upload.keep.days ?? (await accounts.retentionDays(upload.account));
      await items.add(newItemOf(upload, days));
    });
    return {
      fill: async () => void (await this.#blobs.copy(upload.uploadKey, 'library', upload.id)),
      accepted: () => this.#accepted(upload.id),
      giveUp: () => this.#remove(upload.id),
    };
  }

  async #accepted(id: string): Promise<void> {
    await this.#store.use(({ items }) => items.accept(id)).catch(() => false);
  }

  async #remove(id: string): Promise<void> {
    try {
      await this.#store.use(({ items }) => items.remove([id]));
      await this.#blobs.delete(recordingKeyOf(id));
      await this.#store.use(({ items }) => items.removed(recordingKeyOf(id)));
    } catch {
      // The sweep finds an item that was never accepted, and a recording that is nobody's.
    }
  }
}

function newItemOf(upload: KeptUpload, days: number | null): NewItem {
  const { id, account, fileName, container, bytes, language, model, task } = upload;
  return {
    id,
    account,
    title: titleOf(fileName),
    tags: [],
    folderId: null,
    language,
    model,
    task,
    audio: { key: recordingKeyOf(id), bytes, type: audioTypeOf(container, fileName) },
    fileName,
    keepUntil: days === null ? null : new Date(Date.now() + days * DAY_MS),
  };
}

/** The name of the recording, until somebody gives it a better one. */
export function titleOf(fileName: string): string {
  return parse(fileName).name.trim() || fileName;
}
