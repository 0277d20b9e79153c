import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** A recording that is on its way to the service. */
export interface StoredUpload {
  id: string;
  addedAtMs: number;
  name: string;
  bytes: number;
  /** null: this browser had no room to keep it, so it has to be picked again after the page was closed. */
  file: File | null;
  /** Of the service, once it knows of it. */
  uploadId: string | null;
  options: Record<string, unknown>;
}

/** What is or was being recorded here. */
export interface StoredRecording {
  id: string;
  startedAtMs: number;
  mimeType: string;
}

export interface StoredChunk {
  recordingId: string;
  index: number;
  blob: Blob;
}

/** Edits of one item, made in one tab, that the service does not have yet. */
export interface StoredEdits {
  id: string;
  itemId: string;
  baseRevision: number;
  edits: unknown[];
}

/** What a recording looks like: the loudest sample of each stretch, 0 to 1. */
export interface StoredPeaks {
  itemId: string;
  peaks: Float32Array;
}

interface SottoDatabase extends DBSchema {
  uploads: { key: string; value: StoredUpload };
  recordings: { key: string; value: StoredRecording };
  chunks: { key: [string, number]; value: StoredChunk };
  edits: { key: string; value: StoredEdits; indexes: { itemId: string } };
  peaks: { key: string; value: StoredPeaks };
}

const VERSION = 2;

let opened: Promise<IDBPDatabase<SottoDatabase>> | null = null;

/** What this browser keeps until the service has it: uploads, recordings and edits. */
export function database(): Promise<IDBPDatabase<SottoDatabase>> {
  opened ??= openDB<SottoDatabase>('sotto', VERSION, {
    upgrade(db, oldVersion) {
      if (oldVersion < 1) {
        db.createObjectStore('uploads', { keyPath: 'id' });
        db.createObjectStore('recordings', { keyPath: 'id' });
        db.createObjectStore('chunks', { keyPath: ['recordingId', 'index'] });
      }
      if (oldVersion < 2) {
        db.createObjectStore('edits', { keyPath: 'id' }).createIndex('itemId', 'itemId');
        db.createObjectStore('peaks', { keyPath: 'itemId' });
      }
    },
    // A newer version of the page wants the database: this tab opens it again when it next needs it.
    blocking(_current, _blocked, event) {
      opened = null;
      (event.target as IDBDatabase).close();
    },
  });
  return opened;
}
