import { recordingBytes, recordingBytesIn, type UploadBody, type UploadProgress } from './upload-body.ts';

export interface XhrCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: UploadBody;
  /** The same body. */
  blob: Blob;
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The part of XMLHttpRequest that is used; its types belong to browsers only. */
interface Xhr {
  readonly upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null };
  readonly status: number;
  readonly response: unknown;
  responseType: string;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getAllResponseHeaders(): string;
  send(body: Blob): void;
  abort(): void;
}

export type XhrClass = new () => Xhr;

/** The platform's XMLHttpRequest, null where there is none (Node). */
export function xhrClass(): XhrClass | null {
  const found: unknown = Reflect.get(globalThis, 'XMLHttpRequest');
  return typeof found === 'function' ? (found as XhrClass) : null;
}

/** A request whose progress can be watched. Fails and aborts as fetch does: TypeError, or the signal's reason. */
export function uploadByXhr(XhrOfPlatform: XhrClass, call: XhrCall): Promise<Response> {
  const { method, url, headers, body, blob, onProgress, signal } = call;
  return new Promise((resolve, reject) => {
    const xhr = new XhrOfPlatform();
    const abort = () => xhr.abort();
    const settle = (finish: () => void) => () => {
      signal?.removeEventListener('abort', abort);
      finish();
    };
    xhr.upload.onprogress = ({ loaded }) => {
      onProgress?.({ sentBytes: recordingBytesIn(body, loaded), totalBytes: recordingBytes(body) });
    };
    xhr.onload = settle(() => resolve(responseOf(xhr)));
    xhr.onerror = settle(() => reject(new TypeError('the upload failed')));
    xhr.onabort = settle(() => reject(signal?.reason ?? new DOMException('aborted', 'AbortError')));
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.responseType = 'text';
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    xhr.send(blob);
  });
}

function responseOf(xhr: Xhr): Response {
  const lines = xhr
    .getAllResponseHeaders()
    .split('\r\n')
    .filter((line) => line.includes(':'));
  const headers = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const body = xhr.status !== 204 && typeof xhr.response === 'string' ? xhr.response : null;
  return new Response(body, { status: xhr.status, headers });
}
