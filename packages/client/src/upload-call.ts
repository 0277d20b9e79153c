import type { Multipart } from './multipart.ts';

export interface UploadProgress {
  sentBytes: number;
  /** null when the source does not know. */
  totalBytes: number | null;
}

export interface UploadCall {
  url: string;
  headers: Record<string, string>;
  body: Multipart;
  onProgress: ((progress: UploadProgress) => void) | undefined;
  signal: AbortSignal | undefined;
  fetch: typeof fetch;
}
