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

/** Somebody speaks, and the text is told while they do. Its sound and its lines are kept by themselves. */
export interface StoredLive {
  id: string;
  startedAtMs: number;
  /** When its tab was last open. */
  seenAtMs: number;
  /** What the service was asked for. */
  options: Record<string, unknown>;
  source: Record<string, unknown>;
  isPaused: boolean;
  /** No more is said. */
  isClosed: boolean;
  /** Everything is heard, or nothing more can be. */
  isOver: boolean;
  /** Of the service; null: it has none at the moment. */
  session: { id: string; jobId: string | null; lastEventId: string | null } | null;
  /** How many sessions the service has had for it; `fromSample`: where the last one began. */
  part: number;
  fromSample: number;
  /** What the service has. */
  acknowledged: number;
  /** Jobs of the library that came of it. */
  jobIds: string[];
}

export interface StoredSound {
  liveId: string;
  /** Number of its first sample. */
  at: number;
  samples: Int16Array<ArrayBuffer>;
}

export interface StoredLine {
  liveId: string;
  index: number;
  line: unknown;
}

interface SottoDatabase extends DBSchema {
  uploads: { key: string; value: StoredUpload };
  recordings: { key: string; value: StoredRecording };
  chunks: { key: [string, number]; value: StoredChunk };
  edits: { key: string; value: StoredEdits; indexes: { itemId: string } };
  peaks: { key: string; value: StoredPeaks };
  lives: { key: string; value: StoredLive };
  liveSound: { key: [string, number]; value: StoredSound };
  liveLines: { key: [string, number]; value: StoredLine };
}

const VERSION = 3;

let opened: Promise<IDBPDatabase<SottoDatabase>> | null = null;

/** What this browser keeps until the service has it: uploads, recordings, edits and what is being said. */
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
      if (oldVersion < 3) {
        db.createObjectStore('lives', { keyPath: 'id' });
        db.createObjectStore('liveSound', { keyPath: ['liveId', 'at'] });
        db.createObjectStore('liveLines', { keyPath: ['liveId', 'index'] });
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
