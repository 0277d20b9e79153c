import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export type DownloadFault = 'unreachable' | 'refused' | 'broken' | 'stalled' | 'wrong_content';

/** Why a download did not work, in words for the operator. Only `broken` and `stalled` are worth another try. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly fault: DownloadFault;

  constructor(fault: DownloadFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

export interface HttpGetOptions {
  headers: Record<string, string>;
  /** Until the connection stands, TLS included. Without a network this is how long a try takes at most. */
  connectTimeoutMs: number;
  /** Longest silence afterwards, before the headers and inside the body. */
  stallTimeoutMs: number;
  signal: AbortSignal;
}

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * GET with redirects. Not `fetch`: its limit on connecting is fixed at ten seconds.
 * @throws DownloadError, or the signal's reason.
 */
export async function httpGet(url: string, options: HttpGetOptions): Promise<IncomingMessage> {
  let at = new URL(url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await once(at, options);
    const { location } = response.headers;
    if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) return response;
    response.destroy();
    const next = new URL(location, at);
    if (at.protocol === 'https:' && next.protocol !== 'https:') {
      throw new DownloadError('refused', `${at.host} redirects to an unprotected address`);
    }
    at = next;
  }
  throw new DownloadError('refused', `${at.host} redirects more than ${MOST_REDIRECTS} times`);
}

function once(url: URL, options: HttpGetOptions): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const { headers, signal } = options;
  return new Promise((resolve, reject) => {
    let connected = false;
    let response: IncomingMessage | null = null;
    // A connection of its own: a pooled one would have no connecting phase to limit.
    const request = send(url, { headers, signal, agent: false, timeout: options.stallTimeoutMs });
    const limit = setTimeout(() => {
      const seconds = options.connectTimeoutMs / 1000;
      request.destroy(new DownloadError('unreachable', `${url.host} did not answer within ${seconds} s`));
    }, options.connectTimeoutMs);
    const onConnected = () => {
      connected = true;
      clearTimeout(limit);
    };
    request.on('socket', (socket) => socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', onConnected));
    request.on('timeout', () => {
      // Destroying the answer itself lets its reader see this error; destroying the request would show it a reset.
      if (connected) (response ?? request).destroy(stalled(url, options.stallTimeoutMs));
    });
    request.on('response', (answer) => {
      response = answer;
      resolve(answer);
    });
    request.on('close', () => clearTimeout(limit));
    request.on('error', (error) => reject(signal.aborted ? signal.reason : asDownloadError(error, url, connected)));
    request.end();
  });
}

const stalled = (url: URL, afterMs: number) =>
  new DownloadError('stalled', `${url.host} sent nothing for ${afterMs / 1000} s`);

function asDownloadError(error: Error, url: URL, connected: boolean): DownloadError {
  if (error instanceof DownloadError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? error.message;
  if (connected) return new DownloadError('broken', `the connection to ${url.host} broke (${code})`, error);
  return new DownloadError('unreachable', `${url.host} cannot be reached (${code})`, error);
}
