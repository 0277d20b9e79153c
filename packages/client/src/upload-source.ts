/** A recording of known or unknown length that can be read once. */
export interface StreamSource {
  name: string;
  /** Absent: sent in chunks, so the service can refuse an oversized one only on the way. */
  bytes?: number;
  stream(): ReadableStream<Uint8Array>;
}

/** A File (its name is sent), a Blob, or a stream. For a path on disk see `fileSource` in `@sotto/client/node`. */
export type UploadSource = Blob | StreamSource;

/** Something to upload, or the address that the service is to fetch the recording from. */
export type RecordingSource = UploadSource | URL;

export function nameOf(source: UploadSource): string {
  return 'name' in source && typeof source.name === 'string' && source.name !== '' ? source.name : 'recording';
}

export function bytesOf(source: UploadSource): number | null {
  return source instanceof Blob ? source.size : (source.bytes ?? null);
}
