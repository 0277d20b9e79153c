import type { Readable } from 'node:stream';

export const BLOB_KINDS = ['uploads', 'audio', 'results', 'manifests', 'library', 'pieces', 'voices'] as const;
/**
 * `uploads`: what clients sent. `audio`: decoded 16 kHz mono s16le. `results`: of runs, by the run's id; they go with it.
 * `manifests`: see Manifests. `library`: recordings that are kept, by the id of their item, until that is deleted.
 * `pieces`: sound of sentences that may be asked for again; see keptPieceName. `voices`: consents and samples of own voices,
 * by their id, until these are deleted.
 */
export type BlobKind = (typeof BLOB_KINDS)[number];

export const STORAGE_KINDS = ['file', 's3', 'azure'] as const;
export type StorageKind = (typeof STORAGE_KINDS)[number];

export interface StoredBlob {
  /** Opaque to callers; made by this package only, never from anything a client wrote. */
  key: string;
  bytes: number;
}

export interface ListedBlob extends StoredBlob {
  modifiedMs: number;
}

export interface ByteRange {
  startByte: number;
  /** Exclusive. */
  endByte: number;
}

/** No blob has any bytes in it. */
export const isEmpty = ({ startByte, endByte }: ByteRange): boolean => endByte <= Math.max(0, startByte);

/**
 * One blob being written: open -> committed | aborted. Nothing of it can be read before `commit` returns, and after
 * `abort` (or the death of the process, once leftovers are swept) nothing of it remains.
 */
export interface BlobWriter {
  /** Of the blob that `commit` makes. */
  readonly key: string;
  /** The chunk is the writer's from here on, and not to be changed; callers await it, which is the back-pressure. */
  write(chunk: Uint8Array): Promise<void>;
  /** Resolves when the blob survives a power cut; see Manifests for theirs. */
  commit(): Promise<StoredBlob>;
  /** Safe to call at any time, also twice and after a failed write. During a commit it waits for it and changes nothing. */
  abort(): Promise<void>;
}

export interface StorageHealth {
  kind: StorageKind;
  writable: boolean;
  /** null where the store knows no limit. */
  freeBytes: number | null;
  totalBytes: number | null;
}

/**
 * Where bytes too large for Redis live. Implementations pass `blobStoreContract`.
 *
 * A missing blob is SottoError `blob_missing`; a full disk `disk_full`; any other failure `storage_unavailable`, with
 * the original error as its cause. A malformed key is a programming error (TypeError).
 */
export interface BlobStore {
  /**
   * @param name makes the key deterministic, so that a job that runs again overwrites instead of leaving two: the last
   *   commit wins. Letters, digits, `-` and `_`, at most 100. Without it the key is unique.
   */
  createWriter(kind: BlobKind, name?: string): Promise<BlobWriter>;
  /**
   * Makes another blob of the same content under a name as `createWriter` takes it; the two are deleted apart. Takes no
   * room where the store can do without. Safe to repeat.
   */
  copy(from: string, kind: BlobKind, name: string): Promise<StoredBlob>;
  /** The whole blob or the part of `range` that exists: shorter than asked for at the blob's end. */
  read(key: string, range?: ByteRange): Promise<Buffer>;
  /** The same as a stream. */
  openRead(key: string, range?: ByteRange): Promise<Readable>;
  /** The blob as a file, for tools that need a path; call `release` when done. */
  localFile(key: string): Promise<{ path: string; release(): Promise<void> }>;
  /** null when there is no such blob. */
  stat(key: string): Promise<ListedBlob | null>;
  /** False when there was nothing to delete. */
  delete(key: string): Promise<boolean>;
  /** Committed blobs only, in no order. */
  list(kind: BlobKind): AsyncIterable<ListedBlob>;
  /** Removes what writers left that died, or stood still for `olderThanMs`; resolves to the number removed. */
  sweepTemporary(olderThanMs: number): Promise<number>;
  health(): Promise<StorageHealth>;
}
