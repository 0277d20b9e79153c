import type { Http } from './http.ts';
import {
  bodyBlob,
  bodyBytes,
  bodyStream,
  recordingBytes,
  type UploadBody,
  type UploadProgress,
} from './upload-body.ts';
import { uploadByXhr, xhrClass } from './upload-xhr.ts';

export interface UploadCall {
  method: 'POST' | 'PATCH';
  headers?: Record<string, string>;
  body: UploadBody;
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Sends a body and settles as `Http.settle` does. */
export function upload(http: Http, url: string, call: UploadCall): Promise<Response> {
  return http.settle(url, () => send(http, url, call), call.signal);
}

/**
 * The best way this platform has. Browsers cannot tell a fetch's upload progress and cannot stream bodies, so Blobs go as
 * a Blob there, and by XMLHttpRequest when progress is wanted; elsewhere it is a stream.
 */
async function send(http: Http, url: string, call: UploadCall): Promise<Response> {
  const { method, body, onProgress, signal } = call;
  const headers = { ...http.headers(call.headers), 'content-type': body.contentType };
  const init = { method, ...(signal && { signal }) };
  const Xhr = xhrClass();
  const blob = onProgress === undefined || Xhr !== null ? bodyBlob(body) : null;
  if (blob !== null && onProgress !== undefined && Xhr !== null) {
    return uploadByXhr(Xhr, { ...call, url, headers, blob });
  }
  if (blob !== null) return http.fetch(url, { ...init, headers, body: blob });
  const totalBytes = recordingBytes(body);
  const stream = bodyStream(body, (sentBytes) => onProgress?.({ sentBytes, totalBytes }));
  // fetch sends a stream in chunks unless told its length; with it an oversized file is refused before it is sent.
  const bytes = bodyBytes(body);
  const length: Record<string, string> = bytes === null ? {} : { 'content-length': String(bytes) };
  const streamed: RequestInit = { ...init, headers: { ...headers, ...length }, body: stream, duplex: 'half' };
  return http.fetch(url, streamed);
}
