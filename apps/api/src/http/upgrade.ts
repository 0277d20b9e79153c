import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express, Request } from 'express';

/** A request that asks to become a WebSocket, and what is needed for it. */
export interface Upgrade {
  socket: Duplex;
  /** What the client has sent beyond its request. */
  head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** null: an ordinary request. */
export function upgradeOf(request: Request): Upgrade | null {
  return upgrades.get(request) ?? null;
}

/**
 * Lets requests for a WebSocket go through the application like all others, so that they are named, logged, let in and
 * refused like all others. Node hands every request with an Upgrade header over as soon as somebody listens: those for
 * other protocols (`h2c` comes with every first request of some clients) are given back and served without it.
 */
export function acceptUpgrades(server: Server, app: Express): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      serveWithoutUpgrade(server, request, socket, head);
      return;
    }
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
    // A refusal is an ordinary answer, and the last on this connection.
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.end());
    socket.once('close', () => response.emit('close'));
    upgrades.set(request, { socket, head });
    app(request, response);
  });
}

function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(i, i + 2);
    if (!['upgrade', 'connection', 'http2-settings'].includes(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
