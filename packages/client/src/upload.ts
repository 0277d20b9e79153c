import { multipartStream } from './multipart.ts';
import type { UploadCall } from './upload-call.ts';
import { bytesOf } from './upload-source.ts';
import { uploadByXhr, xhrClass } from './upload-xhr.ts';

/**
 * Sends a multipart body the best way this platform has. Browsers cannot tell a fetch's upload progress and cannot
 * stream bodies, so a Blob goes as a Blob there, and by XMLHttpRequest when progress is wanted; elsewhere it is a stream.
 */
export async function upload(call: UploadCall): Promise<Response> {
  const { body, onProgress } = call;
  const headers = { ...call.headers, 'content-type': body.contentType };
  const Xhr = xhrClass();
  if (body.source instanceof Blob && onProgress === undefined) {
    return send(call, { headers, body: new Blob([body.head, body.source, body.tail]) });
  }
  if (body.source instanceof Blob && Xhr !== null) return uploadByXhr(Xhr, { ...call, headers });
  const totalBytes = bytesOf(body.source);
  const stream = multipartStream(body, (sentBytes) => onProgress?.({ sentBytes, totalBytes }));
  // fetch sends a stream in chunks unless told its length; with it an oversized file is refused before it is sent.
  const length: Record<string, string> = body.bytes === null ? {} : { 'content-length': String(body.bytes) };
  return send(call, { headers: { ...headers, ...length }, body: stream, duplex: 'half' });
}

function send({ url, signal, fetch }: UploadCall, init: RequestInit): Promise<Response> {
  return fetch(url, { method: 'POST', ...init, ...(signal && { signal }) });
}
