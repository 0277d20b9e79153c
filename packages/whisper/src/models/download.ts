import { createWriteStream } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type InstallPhase, sha256File } from '@sotto/model-files';
import { z } from 'zod';
import { DownloadError, httpGet } from './http-get.ts';

export interface DownloadRequest {
  url: string;
  /** Grows while bytes arrive and is left behind by a broken run; the next run goes on from its end. */
  partial: string;
  /** Small file beside it: where its bytes came from. */
  origin: string;
  /** Exact size and SHA-256 of the whole file: nothing else is accepted. */
  bytes: number;
  sha256: string;
  connectTimeoutMs: number;
  stallTimeoutMs: number;
  signal: AbortSignal;
  onProgress(phase: InstallPhase, receivedBytes: number): void;
}

/** Tries in a row that bring nothing new, after which a breaking server is given up. */
const MOST_FRUITLESS_TRIES = 3;
const RETRY_AFTER_MS = 250;

/**
 * Brings a file to `partial`, whole and verified. Broken and stalled connections are taken up again where they
 * ended as long as bytes arrive at all. Wrong content is deleted.
 * @throws DownloadError, or the signal's reason. After a `broken` or `stalled` one the partial file is still there.
 */
export async function download(request: DownloadRequest): Promise<void> {
  const resumed = (await sizeOf(request.partial)) > 0;
  await fetchWhole(request);
  if (await isRight(request)) return;
  await discard(request);
  // The fault may lie in what an earlier run left: once more from the start, then it is the server's.
  if (resumed) {
    await fetchWhole(request);
    if (await isRight(request)) return;
    await discard(request);
  }
  throw new DownloadError(
    'wrong_content',
    `${host(request)} sent a file with another SHA-256 than ${request.sha256}; it was deleted`,
  );
}

async function isRight({ partial, bytes, sha256, onProgress, signal }: DownloadRequest): Promise<boolean> {
  onProgress('verifying', 0);
  const actual = await sha256File(partial, (read) => {
    signal.throwIfAborted();
    onProgress('verifying', Math.min(read, bytes));
  });
  return actual === sha256;
}

async function fetchWhole(request: DownloadRequest): Promise<void> {
  let fruitless = 0;
  for (;;) {
    const before = await sizeOf(request.partial);
    try {
      await fetchRest(request, before);
      return;
    } catch (error) {
      request.signal.throwIfAborted();
      if (!(error instanceof DownloadError) || (error.fault !== 'broken' && error.fault !== 'stalled')) throw error;
      fruitless = (await sizeOf(request.partial)) > before ? 0 : fruitless + 1;
      if (fruitless >= MOST_FRUITLESS_TRIES) throw error;
    }
    await delay(RETRY_AFTER_MS * 2 ** fruitless, undefined, { signal: request.signal });
  }
}

async function fetchRest(request: DownloadRequest, have: number): Promise<void> {
  if (have === request.bytes) return;
  if (have > request.bytes) {
    await discard(request);
    return fetchRest(request, 0);
  }
  request.onProgress('connecting', have);
  const response = await httpGet(request.url, { ...request, headers: await requestHeaders(request, have) });
  try {
    await receive(request, response, have);
  } finally {
    response.destroy();
  }
}

async function requestHeaders({ origin, url }: DownloadRequest, have: number): Promise<Record<string, string>> {
  const headers: Record<string, string> = { 'user-agent': 'sotto', 'accept-encoding': 'identity' };
  if (have === 0) return headers;
  headers.range = `bytes=${have}-`;
  const from = await readOrigin(origin);
  // The validator belongs to one address; from another one the SHA-256 has to decide.
  if (from?.url === url && from.validator) headers['if-range'] = from.validator;
  return headers;
}

async function receive(request: DownloadRequest, response: IncomingMessage, have: number): Promise<void> {
  const start = await startOf(request, response, have);
  const { etag, 'last-modified': modified } = response.headers;
  const validator = etag && !etag.startsWith('W/') ? etag : (modified ?? null);
  await writeFile(request.origin, JSON.stringify({ url: request.url, validator }));
  let received = start;
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      if (received > request.bytes) return done(tooMuch(request));
      request.onProgress('downloading', received);
      done(null, chunk);
    },
  });
  try {
    await pipeline(response, measured, createWriteStream(request.partial, { flags: start > 0 ? 'a' : 'w' }), {
      signal: request.signal,
    });
  } catch (error) {
    if (error instanceof DownloadError && error.fault === 'wrong_content') await discard(request);
    throw asBodyError(error, request);
  }
  if (received < request.bytes) {
    throw new DownloadError('broken', `${host(request)} ended after ${received} of ${request.bytes} bytes`);
  }
}

/** Where the body of this answer belongs in the file. */
async function startOf(
  request: DownloadRequest,
  { statusCode, headers }: IncomingMessage,
  have: number,
): Promise<number> {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  if (statusCode === 416 || (statusCode === 206 && Number(range?.[1]) !== have)) {
    await discard(request);
    throw new DownloadError('broken', `${host(request)} answered with another part of the file than asked for`);
  }
  if (statusCode !== 200 && statusCode !== 206) {
    throw new DownloadError('refused', `${host(request)} answered ${statusCode}`);
  }
  const offered = Number(statusCode === 206 ? range?.[2] : headers['content-length']);
  if (Number.isFinite(offered) && offered !== request.bytes) {
    throw new DownloadError('wrong_content', `${host(request)} offers ${offered} bytes, expected ${request.bytes}`);
  }
  return statusCode === 206 ? have : 0;
}

const tooMuch = (request: DownloadRequest) =>
  new DownloadError(
    'wrong_content',
    `${host(request)} sent more than the expected ${request.bytes} bytes; they were deleted`,
  );

function asBodyError(error: unknown, request: DownloadRequest): unknown {
  if (request.signal.aborted) return request.signal.reason;
  if (error instanceof DownloadError) return error;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  // A failing write is this machine's trouble: trying again would not help.
  if (syscall === 'write' || syscall === 'open' || code === 'ENOSPC') return error;
  return new DownloadError('broken', `the connection to ${host(request)} broke (${code ?? message})`, error);
}

async function discard({ partial, origin }: DownloadRequest): Promise<void> {
  await rm(partial, { force: true });
  await rm(origin, { force: true });
}

const originSchema = z.object({ url: z.string(), validator: z.string().nullable() });

async function readOrigin(path: string): Promise<z.infer<typeof originSchema> | null> {
  try {
    return originSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

const host = ({ url }: DownloadRequest): string => new URL(url).host;

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}
