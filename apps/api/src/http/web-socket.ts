import type { SottoError } from '@sotto/contracts';
import type { Request, Response } from 'express';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Upgrade } from './upgrade.ts';

/** How long the other side has to complete the closing handshake. */
const CLOSE_MS = 2_000;

/** Why a WebSocket is closed (RFC 6455, 7.4.1). */
export const CLOSE_CODES = {
  ended: 1000,
  goingAway: 1001,
  wrongData: 1007,
  refused: 1008,
  failed: 1011,
  tryAgainLater: 1013,
} as const;
export type CloseReason = keyof typeof CLOSE_CODES;

/** Of a connection that such an error ends. */
export function closeCodeOf({ code, status }: SottoError): number {
  if (code === 'invalid_request' || code === 'invalid_parameter') return CLOSE_CODES.wrongData;
  if (status === 503 || status === 429) return CLOSE_CODES.tryAgainLater;
  return status >= 500 ? CLOSE_CODES.failed : CLOSE_CODES.refused;
}

/**
 * Responds with 101. From then on, the HTTP response is no longer used.
 *
 * @param open is called at once: what the client has already sent is told before anybody who waits for a promise goes on
 */
export function acceptWebSocket<Opened>(
  server: WebSocketServer,
  request: Request,
  response: Response,
  { socket, head }: Upgrade,
  open: (accepted: WebSocket) => Opened,
): Promise<Opened> {
  response.writeHead(101);
  response.detachSocket(response.socket as NonNullable<Response['socket']>);
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error('the handshake was not finished'));
    socket.once('close', onClose);
    server.handleUpgrade(request, socket, head, (accepted) => {
      socket.off('close', onClose);
      resolve(open(accepted));
    });
  });
}

/** Resolves when it is closed, by force where the other side does not answer. */
export async function closeWebSocket(socket: WebSocket, code: number, reason: string): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
  await closed;
  clearTimeout(timer);
}
