import type { Readable } from 'node:stream';
import { type JobRequest, type ResultReference, type Run, SottoError } from '@sotto/contracts';
import type { BlobStore, ByteRange } from '@sotto/storage';
import type { Request, Response } from 'express';
import { writeTo } from '../sound/send-sound.ts';
import { expired, mustHaveCompleted } from './outcome.ts';

type BlobResult = Extract<ResultReference, { kind: 'blob' }>;

/** The result of a run that is a file in storage; null: it is kept inline. */
export const blobOf = ({ result }: Pick<Run, 'result'>): BlobResult | null => (result?.kind === 'blob' ? result : null);

/** A file in storage as it is sent. */
export interface StoredFile {
  key: string;
  bytes: number;
  /** Where it begins in its blob, of which it is a part. Absent: it is all of it. */
  startByte?: number;
  mediaType: string;
  /** The same for as long as its content is. */
  etag: string;
  /** Sent before it, and counted by ranges: the header that makes samples a WAV file. */
  head?: Buffer;
}

export interface SendStoredDeps {
  storage: Pick<BlobStore, 'openRead'>;
  /** The error for a file that is no longer there. */
  gone(): SottoError;
  /** A client that reads nothing for so long is left; absent: it is waited for. */
  idleMs?: number;
}

const NO_HEAD = Buffer.alloc(0);

/**
 * Sends the result of a run that is a file. Its ETag is the id of the run, which makes it once.
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
  const { blobKey: key, bytes, mediaType } = blob;
  // The run may expire after it was looked up, and the sweep come by.
  await sendStored(
    request,
    response,
    { key, bytes, mediaType, etag: `"${run.id}"` },
    { storage, gone: () => expired(job) },
  );
}

/**
 * Streams a file from storage, or the part of it that a Range header asks for (RFC 9110, 14). With its ETag, a download can
 * be resumed with If-Range.
 *
 * @throws SottoError `range_not_satisfiable`, `storage_unavailable`, `gone()`. ClientGone.
 */
export async function sendStored(
  request: Request,
  response: Response,
  { key, bytes: storedBytes, startByte: from, mediaType, etag, head = NO_HEAD }: StoredFile,
  deps: SendStoredDeps,
): Promise<void> {
  const bytes = head.length + storedBytes;
  const range = request.method === 'GET' ? rangeOf(request, response, etag, bytes) : null;
  // Opened before any header is set: an error may be sent instead, which they would not fit.
  const stored = range ?? (from === undefined ? null : { startByte: 0, endByte: bytes });
  const content = request.method === 'GET' ? await open(key, stored && behind(head, stored, from), deps) : null;
  const { startByte, endByte } = range ?? { startByte: 0, endByte: bytes };
  response.type(mediaType).set({
    'Accept-Ranges': 'bytes',
    'Content-Length': String(endByte - startByte),
    ETag: etag,
  });
  if (range !== null) {
    response.status(206).set('Content-Range', `bytes ${startByte}-${endByte - 1}/${bytes}`);
  }
  if (content === null) response.end();
  else await sendAll(withHead(head.subarray(startByte, endByte), content), response, deps);
}

const behind = (head: Buffer, { startByte, endByte }: ByteRange, from = 0): ByteRange => ({
  startByte: from + Math.max(0, startByte - head.length),
  endByte: from + Math.max(0, endByte - head.length),
});

async function* withHead(head: Buffer, content: Readable): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* content as AsyncIterable<Buffer>;
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

async function open(key: string, range: ByteRange | null, { storage, gone }: SendStoredDeps): Promise<Readable> {
  try {
    return await storage.openRead(key, range ?? undefined);
  } catch (error) {
    if (error instanceof SottoError && error.code === 'blob_missing') throw gone();
    throw error;
  }
}

/** Not with `pipeline`, which would end the response itself when storage fails: nobody would learn why. */
async function sendAll(
  content: AsyncIterable<Buffer>,
  response: Response,
  { idleMs }: Pick<SendStoredDeps, 'idleMs'>,
): Promise<void> {
  for await (const chunk of content) await writeTo(response, chunk, idleMs);
  response.end();
}
