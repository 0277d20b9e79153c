import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { acceptUpgrades } from '../events/upgrade.ts';

export interface ListenOptions {
  host: string;
  port: number;
}

/** Above the idle limits that load balancers use, so that it is never this side that closes under a request. */
const KEEP_ALIVE_MS = 75_000;
const CLOSE_CHECK_MS = 250;

/** Uploads may take long; a stalled one is ended by its own idle limit, so Node's limit on whole requests is off. */
export async function listen(app: Express, { host, port }: ListenOptions): Promise<Server> {
  const server = createServer({ requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: KEEP_ALIVE_MS }, app);
  acceptUpgrades(server, app);
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
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await closed;
  } finally {
    clearInterval(idle);
    clearTimeout(force);
  }
}
