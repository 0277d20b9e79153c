import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterEach } from '@jest/globals';

interface SeenRequest {
  url: string;
  range: string | null;
  ifRange: string | null;
}

export interface FileServer {
  baseUrl: string;
  requests: SeenRequest[];
}

export type Behaviour = (request: IncomingMessage, response: ServerResponse, count: number) => void | Promise<void>;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real HTTP server on a free port that answers each request as the test says (`count` from 1) and writes it down. */
export async function startFileServer(behave: Behaviour): Promise<FileServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const { range = null, 'if-range': ifRange = null } = request.headers;
    requests.push({ url: request.url ?? '', range, ifRange: ifRange as string | null });
    void behave(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { baseUrl: `http://127.0.0.1:${portOf(server.address())}/models`, requests };
}

/** Accepts connections and says nothing: as HTTPS address, its handshake never ends. */
export async function startSilentServer(): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createTcpServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return `https://127.0.0.1:${portOf(server.address())}/models`;
}

const portOf = (address: unknown): number => (address as { port: number }).port;

/** Serves a file as a good server does: ranges, a strong ETag, If-Range. */
export function serve(file: Buffer, etag = '"one"'): Behaviour {
  return (request, response) => {
    const from = rangeStart(request, etag);
    response.writeHead(from === null ? 200 : 206, {
      etag,
      'content-length': file.length - (from ?? 0),
      ...(from === null ? {} : { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
    });
    response.end(file.subarray(from ?? 0));
  };
}

/** As `serve`, but the connection breaks after `bytes` of each answer. */
export function breakOff(file: Buffer, bytes: number, etag = '"one"'): Behaviour {
  return (request, response) => {
    const from = rangeStart(request, etag);
    response.writeHead(from === null ? 200 : 206, {
      etag,
      'content-length': file.length - (from ?? 0),
      ...(from === null ? {} : { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
    });
    const end = Math.min(file.length, (from ?? 0) + bytes);
    response.write(file.subarray(from ?? 0, end), () => {
      if (end === file.length) response.end();
      else response.destroy();
    });
  };
}

function rangeStart(request: IncomingMessage, etag: string): number | null {
  const { range, 'if-range': ifRange } = request.headers;
  const from = /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
  return from === undefined || (ifRange !== undefined && ifRange !== etag) ? null : Number(from);
}
