import { PassThrough, pipeline } from 'node:stream';
import { SottoError } from '@sotto/contracts';
import { type AddressGuard, guardedRequest, RefusedAddress } from '@sotto/runtime';
import type { Response } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { cleanFileName } from './file-name.ts';
import { watchIdle } from './idle-watch.ts';
import { type StagedFile, type StageOptions, stageFile, tooLarge } from './staged-file.ts';

export interface FetchOptions extends StageOptions {
  guard: AddressGuard;
  /** No byte for this long: 408. */
  idleMs: number;
  /** For the whole of it: 408. */
  timeoutMs: number;
}

const MAX_REDIRECTS = 5;

/**
 * Fetches a recording from an address that a client named, with the limits and checks of an upload. Ends when the
 * client leaves.
 *
 * @throws SottoError `invalid_parameter` when it may not be called, `url_not_fetched`, those of stageFile; ClientGone.
 */
export async function fetchUpload(
  url: URL,
  response: Response,
  options: FetchOptions,
): Promise<{ file: StagedFile; fileName: string }> {
  const ending = new AbortController();
  const onLate = () => ending.abort(late(`Fetching it took longer than ${options.timeoutMs / 1000} s.`));
  const deadline = setTimeout(onLate, options.timeoutMs);
  const onGone = () => ending.abort(new ClientGone());
  response.once('close', onGone);
  try {
    const file = await receive(url, ending, options);
    return { file, fileName: nameOf(url) };
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : asFetchError(error);
  } finally {
    response.off('close', onGone);
    clearTimeout(deadline);
    // Whatever is still open of a refused file.
    ending.abort();
  }
}

async function receive(url: URL, ending: AbortController, options: FetchOptions): Promise<StagedFile> {
  const { guard, idleMs, maxFileBytes } = options;
  const onIdle = () => ending.abort(late(`No data was received for ${idleMs / 1000} s.`));
  const silence = setTimeout(onIdle, idleMs);
  const request = { guard, method: 'GET' as const, signal: ending.signal, maxRedirects: MAX_REDIRECTS };
  const incoming = await guardedRequest(url, request).finally(() => clearTimeout(silence));
  if (incoming.statusCode !== 200) throw notFetched(`The server responded with status ${incoming.statusCode}.`);
  if (Number(incoming.headers['content-length'] ?? 0) > maxFileBytes) throw tooLarge(maxFileBytes);
  const body = new PassThrough();
  const stopWatch = watchIdle(incoming, body, idleMs, onIdle);
  // An error of the connection ends `body` with the same error.
  pipeline(incoming, body, () => {});
  return stageFile(body, options).finally(stopWatch);
}

function asFetchError(error: unknown): unknown {
  if (error instanceof SottoError) return error;
  if (error instanceof RefusedAddress) return invalidParameter('url', error.message);
  const isNetworks = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isNetworks ? notFetched(`The connection failed (${error.code}).`, error) : error;
}

const notFetched = (detail: string, cause?: unknown): SottoError =>
  new SottoError('url_not_fetched', detail, { cause });
const late = (detail: string): SottoError => new SottoError('upload_timeout', detail);

function nameOf(url: URL): string {
  const last = url.pathname.split('/').pop() ?? '';
  try {
    return cleanFileName(decodeURIComponent(last));
  } catch {
    return cleanFileName(last);
  }
}
