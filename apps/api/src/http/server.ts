import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Express } from 'express';
import { messagesOf } from './messages.ts';
import { acceptUpgrades } from './upgrade.ts';

export interface ListenOptions {
  host: string;
  port: number;
}

/** Above the idle timeouts of load balancers, so that this side never closes a connection under a request. */
const KEEP_ALIVE_MS = 75_000;
const CLOSE_CHECK_MS = 250;
/** Requests that were on their way when the server began to close have arrived by then. */
const UNUSED_GRACE_MS = 1_000;

const connectionsOf = new WeakMap<Server, Set<Socket>>();

/** Uploads may take long; a stalled one is ended by its own idle limit, so Node's limit on whole requests is off. */
export async function listen(app: Express, { host, port }: ListenOptions): Promise<Server> {
  const timeouts = { requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer({ ...timeouts, ...messagesOf(app) }, app);
  acceptUpgrades(server, app);
  const connections = new Set<Socket>();
  connectionsOf.set(server, connections);
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

export function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Takes no more connections, lets requests in flight finish, and after the grace ends those that have not. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
  });
  // A kept-alive connection becomes idle only when its answer is out.
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_CHECK_MS);
  const unused = setTimeout(() => closeUnused(server), UNUSED_GRACE_MS);
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await closed;
  } finally {
    clearInterval(idle);
    clearTimeout(unused);
    clearTimeout(force);
  }
}

/** Browsers, proxies and fetch open connections in advance; one that nobody has used yet does not count as idle in Node. */
function closeUnused(server: Server): void {
  for (const socket of connectionsOf.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
}
