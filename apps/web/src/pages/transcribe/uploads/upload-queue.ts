import { SottoError, type TranscribeOptions, type UploadProgress } from '@sotto/client';
import { client } from '../../../api/client.ts';
import { queryClient } from '../../../api/query-client.ts';
import { database, type StoredUpload } from '../../../storage/database.ts';
import { aloneInBrowser } from '../../../storage/lock.ts';

/**
 * waiting -> sending -> (job exists: gone from here). `missing`: its file has to be picked again. `failed`: the service
 * refused it, and says why.
 */
export type UploadState = 'waiting' | 'sending' | 'missing' | 'failed';

export interface Upload {
  id: string;
  name: string;
  bytes: number;
  sentBytes: number;
  state: UploadState;
  /** Why it failed, or why it is tried again. */
  error: unknown;
}

interface Entry extends Upload {
  stored: StoredUpload;
  abort: AbortController;
}

const AT_ONCE = 2;

/**
 * Recordings on their way to the service. It lives as long as the tab, whatever page is shown, and what it holds survives
 * the tab: entries are in IndexedDB, with their files where there is room, and go on where the service stands.
 */
export class UploadQueue {
  #entries: Entry[] = [];
  #shown: readonly Upload[] = [];
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly current = (): readonly Upload[] => this.#shown;

  /** Takes up what an earlier tab left. */
  async restore(): Promise<void> {
    const stored = await (await database()).getAll('uploads');
    for (const upload of stored.sort((a, b) => a.addedAtMs - b.addedAtMs)) {
      if (!this.#entries.some(({ id }) => id === upload.id)) this.#append(upload);
    }
    this.#continue();
  }

  async add(file: File, options: TranscribeOptions): Promise<void> {
    const awaited = this.#entries.find(
      ({ state, name, bytes }) => state === 'missing' && name === file.name && bytes === file.size,
    );
    if (awaited !== undefined) return this.giveFile(awaited.id, file);
    const stored: StoredUpload = {
      id: crypto.randomUUID?.() ?? String(Math.random()),
      addedAtMs: Date.now(),
      name: file.name,
      bytes: file.size,
      file,
      uploadId: null,
      options: { ...options },
    };
    await keep(stored);
    this.#append(stored);
    this.#continue();
  }

  /** The file of an upload that was begun before. */
  async giveFile(id: string, file: File): Promise<void> {
    const entry = this.#entries.find((each) => each.id === id);
    if (entry === undefined) return;
    entry.stored = { ...entry.stored, file };
    this.#change(id, { state: 'waiting', error: null });
    this.#continue();
  }

  again(id: string): void {
    this.#change(id, { state: 'waiting', error: null });
    this.#continue();
  }

  async remove(id: string): Promise<void> {
    const entry = this.#entries.find((each) => each.id === id);
    if (entry === undefined) return;
    entry.abort.abort();
    await this.#forget(id);
    const { uploadId } = entry.stored;
    // What is left of it on the service goes by itself in time.
    if (uploadId !== null) await client.uploads.remove(uploadId).catch(() => {});
  }

  #append(stored: StoredUpload): void {
    const { id, name, bytes, file } = stored;
    const state = file === null ? 'missing' : 'waiting';
    this.#entries.push({ id, name, bytes, sentBytes: 0, state, error: null, stored, abort: new AbortController() });
    this.#tell();
  }

  #continue(): void {
    const free = AT_ONCE - this.#entries.filter(({ state }) => state === 'sending').length;
    const next = this.#entries.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, free));
    for (const entry of next) {
      this.#change(entry.id, { state: 'sending' });
      void this.#send(entry);
    }
  }

  async #send(entry: Entry): Promise<void> {
    try {
      const isHere = await aloneInBrowser(`upload.${entry.id}`, () => this.#sendAlone(entry));
      if (!isHere) this.#drop(entry.id);
    } catch (error) {
      if (!entry.abort.signal.aborted) this.#change(entry.id, { state: 'failed', error });
    }
    this.#continue();
  }

  async #sendAlone(entry: Entry): Promise<void> {
    const { signal } = entry.abort;
    // Another tab may have finished it in the meantime.
    if ((await (await database()).get('uploads', entry.id)) === undefined) return this.#drop(entry.id);
    const { file, options } = entry.stored;
    if (file === null) return this.#change(entry.id, { state: 'missing' });
    const uploadId = await this.#upload(entry, file);
    await client.submit({ uploadId }, options as TranscribeOptions, { signal });
    await this.#forget(entry.id);
    await queryClient.invalidateQueries({ queryKey: ['jobs'] });
  }

  async #upload(entry: Entry, file: File): Promise<string> {
    const { signal } = entry.abort;
    const callbacks = {
      signal,
      onBegun: (uploadId: string) => {
        entry.stored = { ...entry.stored, uploadId };
        void keep(entry.stored);
      },
      onUploadProgress: ({ sentBytes }: UploadProgress) => this.#change(entry.id, { sentBytes, error: null }),
      onRetry: (error: Error) => this.#change(entry.id, { error }),
    };
    const { uploadId: known } = entry.stored;
    try {
      return (await client.uploads.send(file, { ...callbacks, ...(known !== null && { uploadId: known }) })).uploadId;
    } catch (error) {
      // The service no longer has what was sent before.
      const isGone = known !== null && error instanceof SottoError && error.code === 'upload_not_found';
      if (!isGone) throw error;
      return (await client.uploads.send(file, callbacks)).uploadId;
    }
  }

  async #forget(id: string): Promise<void> {
    await (await database()).delete('uploads', id);
    this.#drop(id);
  }

  #drop(id: string): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    this.#tell();
  }

  #change(id: string, changes: Partial<Pick<Upload, 'state' | 'sentBytes' | 'error'>>): void {
    this.#entries = this.#entries.map((entry) => (entry.id === id ? Object.assign(entry, changes) : entry));
    this.#tell();
  }

  #tell(): void {
    this.#shown = this.#entries.map(({ stored: _stored, abort: _abort, ...upload }) => upload);
    for (const listener of this.#listeners) listener();
  }
}

/** With its file if there is room for it, else without. */
async function keep(stored: StoredUpload): Promise<void> {
  const db = await database();
  try {
    await db.put('uploads', stored);
  } catch {
    await db.put('uploads', { ...stored, file: null });
  }
}

export const uploadQueue = new UploadQueue();
