import { RemoteFailure } from './remote-failure.ts';

/** Of what a server says about a failure, for the log. */
const REASON_BYTES = 2_000;

/** RFC 9110, 10.2.3: seconds, or a date. null: there is none, or it is neither. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const atMs = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** What an answer without success means. Its body is read as far as the log needs it. */
export async function failureOf(response: Response): Promise<RemoteFailure> {
  const { status } = response;
  const waitMs = retryAfterMs(response.headers.get('retry-after'), Date.now());
  const said = await beginningOf(response);
  const cause = new Error(`it answered ${status}${said === '' ? '' : `: ${said}`}`);
  const failure = (kind: RemoteFailure['kind'], message: string) =>
    new RemoteFailure(kind, message, { cause, retryAfterMs: waitMs });
  if (status === 429 || (status === 503 && waitMs !== null)) return failure('busy', 'The other server is busy.');
  if (status >= 500 || status === 408) return failure('failed', `The other server failed (${status}).`);
  if (status === 401 || status === 403) return failure('denied', 'The other server does not accept the key.');
  if (status < 400 || status === 404 || status === 405)
    return failure('missing', 'The other server has no such address.');
  return failure('refused', `The other server refused this (${status}).`);
}

async function beginningOf(response: Response): Promise<string> {
  const bytes = await readPart(response, REASON_BYTES).catch(() => new Uint8Array());
  return new TextDecoder().decode(bytes).replace(/\s+/g, ' ').trim();
}

/**
 * The body of an answer, which the server may make as long as it likes.
 *
 * @throws RemoteFailure `broken` when it is longer than that; what reading throws
 */
export async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array> {
  const bytes = await readPart(response, maxBytes);
  if (bytes.length <= maxBytes) return bytes;
  throw new RemoteFailure('broken', `The other server answered with more than ${maxBytes} bytes.`);
}

/** At least the beginning, and not much more than `enoughBytes`; the rest is not received. */
async function readPart({ body }: Response, enoughBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > enoughBytes) break;
  }
  return Buffer.concat(chunks, bytes);
}
