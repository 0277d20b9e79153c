import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type JobRequest, type ResultReference, type Run, SottoError } from '@sotto/contracts';
import type { BlobStore, ByteRange } from '@sotto/storage';
import type { Request, Response } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import { expired, mustHaveCompleted } from './outcome.ts';

type BlobResult = Extract<ResultReference, { kind: 'blob' }>;

/** The result of a run that is a file in storage; null: it is kept inline. */
export const blobOf = ({ result }: Pick<Run, 'result'>): BlobResult | null => (result?.kind === 'blob' ? result : null);

/**
 * Streams a result from storage, or the part of it that a Range header asks for (RFC 9110, 14). Its ETag is the id of the
 * run, which makes it once, so that a download can be resumed with If-Range.
 *
 * @throws SottoError as for any result; `range_not_satisfiable`, `storage_unavailable`. ClientGone.
 */
export async function sendBlob(
  request: Request,
  response: Response,
  { run, request: job, blob }: { run: Run; request: JobRequest; blob: BlobResult },
  storage: Pick<BlobStore, 'openRead'>,
): Promise<void> {
  mustHaveCompleted(run, job);
  const etag = `"${run.id}"`;
  const range = request.method === 'GET' ? rangeOf(request, response, etag, blob.bytes) : null;
  // Opened before any header is set: an error may be sent instead, which they would not fit.
  const content = request.method === 'GET' ? await open(storage, blob.blobKey, range, job) : null;
  const { startByte, endByte } = range ?? { startByte: 0, endByte: blob.bytes };
  response.type(blob.mediaType).set({
    'Accept-Ranges': 'bytes',
    'Content-Length': String(endByte - startByte),
    ETag: etag,
  });
  if (range !== null) {
    response.status(206).set('Content-Range', `bytes ${startByte}-${endByte - 1}/${blob.bytes}`);
  }
  if (content === null) response.end();
  else await sendAll(content, response);
}

/** null: all of it. Several ranges at once are answered with all of it, which is allowed, and so is a malformed header. */
function rangeOf(request: Request, response: Response, etag: string, bytes: number): ByteRange | null {
  const condition = request.get('If-Range');
  if (condition !== undefined && condition !== etag) return null;
  const ranges = request.range(bytes, { combine: true });
  if (ranges === -1) {
    response.set('Content-Range', `bytes */${bytes}`);
    throw new SottoError('range_not_satisfiable', `The result has ${bytes} bytes.`);
  }
  if (ranges === undefined || ranges === -2 || ranges.type !== 'bytes') return null;
  const [range, ...others] = ranges;
  return range === undefined || others.length > 0 ? null : { startByte: range.start, endByte: range.end + 1 };
}

async function open(
  storage: Pick<BlobStore, 'openRead'>,
  key: string,
  range: ByteRange | null,
  job: JobRequest,
): Promise<Readable> {
  try {
    return await storage.openRead(key, range ?? undefined);
  } catch (error) {
    // The run has expired since it was looked up, and the sweep was here.
    if (error instanceof SottoError && error.code === 'blob_missing') throw expired(job);
    throw error;
  }
}

/** Not with `pipeline`, which would end the response itself when storage fails: nobody would learn why. */
async function sendAll(content: Readable, response: Response): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  for await (const chunk of content) {
    if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal }).catch(() => {});
    if (response.destroyed) throw new ClientGone();
  }
  response.end();
}
