import { once } from 'node:events';
import { connect } from 'node:net';
import { waitFor } from '@sotto/testkit';
import { type ClientOptions, WebSocket } from 'ws';

/** A WebSocket of nobody's SDK: for what an SDK would never send. */
export class RawSocket {
  readonly told: Record<string, unknown>[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.told.push(JSON.parse(String(data)) as Record<string, unknown>));
    socket.on('error', () => {});
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
    this.closed.catch(() => {});
  }

  static async open(url: string, protocols: string[] = [], options: ClientOptions = {}): Promise<RawSocket> {
    const raw = new RawSocket(new WebSocket(url.replace('http', 'ws'), protocols, options));
    await once(raw.socket, 'open');
    return raw;
  }

  /** The first message that is so, once it has come. */
  async first(matches: (message: Record<string, unknown>) => boolean, what: string): Promise<Record<string, unknown>> {
    return waitFor(() => this.told.find(matches) ?? false, { what, timeoutMs: 30_000 });
  }
}

/** The HTTP answer to a handshake that is refused. */
export async function handshakeRefusal(
  url: string,
  headers: Record<string, string> = {},
  protocols: string[] = [],
): Promise<{ status: number; json: unknown; retryAfter: string | undefined }> {
  const socket = new WebSocket(url.replace('http', 'ws'), protocols, { headers });
  const [, response] = await once(socket, 'unexpected-response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode,
    json: JSON.parse(String(Buffer.concat(chunks))),
    retryAfter: response.headers['retry-after'],
  };
}

/** For clients that always ask for TLS, which a proxy has in front of a service. */
export const plainly = (({ host, port }: { host: string; port: number }) => connect({ host, port })) as never;
