/** A recording of known or unknown length that can be read once. */
export interface StreamSource {
  name: string;
  /** When absent, it is sent in chunks, and the service can refuse one that is too large only on the way. */
  bytes?: number;
  stream(): ReadableStream<Uint8Array>;
}

/** A recording that can be read again from any byte: what a resumable upload needs. */
export interface SliceableSource extends StreamSource {
  bytes: number;
  /** From `startByte` up to, and without, `endByte`. */
  slice(startByte: number, endByte: number): ReadableStream<Uint8Array>;
}

/** A File (its name is sent), a Blob, or a stream. For a path on disk see `fileSource` in `@sotto/client/node`. */
export type UploadSource = Blob | StreamSource;

/** A resumable upload that is complete; see `SottoClient.uploads`. */
export interface StoredUpload {
  uploadId: string;
}

/** The recording of an item of the library. */
export interface KeptRecording {
  itemId: string;
}

/** Where the service finds a recording: at an address, or among what it has. */
export type Reference = StoredUpload | KeptRecording | URL;

/** Something to upload, what was uploaded before, what is kept, or an address from which the service fetches the recording. */
export type RecordingSource = UploadSource | Reference;

export const isStored = (source: RecordingSource): source is StoredUpload => 'uploadId' in source;

/** The service knows where it is, or has it. */
export const isReference = (source: RecordingSource): source is Reference =>
  source instanceof URL || isStored(source) || 'itemId' in source;

export function nameOf(source: UploadSource): string {
  return 'name' in source && typeof source.name === 'string' && source.name !== '' ? source.name : 'recording';
}

export function bytesOf(source: UploadSource): number | null {
  return source instanceof Blob ? source.size : (source.bytes ?? null);
}
