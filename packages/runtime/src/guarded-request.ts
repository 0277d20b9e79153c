import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type AddressGuard, RefusedAddress } from './address-guard.ts';

export interface GuardedRequest {
  guard: AddressGuard;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Ends the request, and the reading of its answer, whenever it aborts. */
  signal: AbortSignal;
  maxRedirects: number;
}

const REDIRECTS = [301, 302, 303, 307, 308];
/** These ask for the same request again; the others would turn a POST into a GET. */
const REPEATING_REDIRECTS = [307, 308];

/**
 * Calls an address that a client named. Each hop of a redirect is checked like the first one, and a POST follows only
 * the redirects that repeat it; any other is the answer.
 *
 * @throws RefusedAddress; Node's own errors; what `signal` aborts with.
 */
export async function guardedRequest(start: URL, options: GuardedRequest): Promise<IncomingMessage> {
  let url = start;
  for (let redirects = 0; ; redirects += 1) {
    const response = await requestOnce(url, options);
    const next = redirectOf(response, url, options.method);
    if (next === null) return response;
    response.destroy();
    if (redirects >= options.maxRedirects) throw new RefusedAddress('redirects too many times');
    url = next;
  }
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL, method: 'GET' | 'POST'): URL | null {
  const followed = method === 'GET' ? REDIRECTS : REPEATING_REDIRECTS;
  if (!followed.includes(statusCode) || headers.location === undefined) return null;
  if (!URL.canParse(headers.location, from.href))
    throw new RefusedAddress('redirects to something that is not an address');
  return new URL(headers.location, from);
}

function requestOnce(url: URL, options: GuardedRequest): Promise<IncomingMessage> {
  const { guard, method, headers = {}, body, signal } = options;
  return new Promise((resolve, reject) => {
    guard.check(url);
    signal.throwIfAborted();
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = send(url, {
      method,
      lookup: guard.lookup,
      signal,
      headers: { 'user-agent': 'Sotto', ...headers, ...length },
      // A new connection: none that was checked for another name is reused.
      agent: false,
    });
    outgoing.on('socket', (socket) =>
      // Before anything is written: ends whatever the checks above let through by mistake.
      socket.once('connect', () => {
        if (!guard.permits(socket.remoteAddress ?? '')) outgoing.destroy(new RefusedAddress('is not a public address'));
      }),
    );
    outgoing.on('response', resolve);
    outgoing.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    outgoing.end(body);
  });
}
