import type { UploadCall } from './upload-call.ts';

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

/** A POST whose progress can be watched. Fails and aborts as fetch does: TypeError, or the signal's reason. */
export function uploadByXhr(XhrOfPlatform: XhrClass, call: UploadCall): Promise<Response> {
  const { url, headers, body, onProgress, signal } = call;
  const { head, source, tail } = body;
  if (!(source instanceof Blob)) throw new TypeError('XMLHttpRequest cannot send a stream');
  return new Promise((resolve, reject) => {
    const xhr = new XhrOfPlatform();
    const abort = () => xhr.abort();
    const settle = (finish: () => void) => () => {
      signal?.removeEventListener('abort', abort);
      finish();
    };
    xhr.upload.onprogress = ({ loaded }) => {
      // The form's own lines are not the file's progress.
      const sentBytes = Math.min(Math.max(0, loaded - head.length), source.size);
      onProgress?.({ sentBytes, totalBytes: source.size });
    };
    xhr.onload = settle(() => resolve(responseOf(xhr)));
    xhr.onerror = settle(() => reject(new TypeError('the upload failed')));
    xhr.onabort = settle(() => reject(signal?.reason ?? new DOMException('aborted', 'AbortError')));
    xhr.open('POST', url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.responseType = 'text';
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    xhr.send(new Blob([head, source, tail]));
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
