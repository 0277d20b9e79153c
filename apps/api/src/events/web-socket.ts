import type { Request, Response } from 'express';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Upgrade } from '../http/upgrade.ts';

const PING_MS = 15_000;
/** How long the other side has to complete the closing handshake. */
const CLOSE_MS = 2_000;
/** Clients send nothing of interest. */
const MAX_INCOMING_BYTES = 1_024;

/** Why a WebSocket is closed (RFC 6455, 7.4). */
export const CLOSE_CODES = { ended: 1000, goingAway: 1001, failed: 1011, tryAgainLater: 1013 } as const;
export type CloseReason = keyof typeof CLOSE_CODES;

/** No compression: it costs a listener 100 kB or more, and messages are small. */
const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAX_INCOMING_BYTES,
});

/**
 * One listener. open -> closed, by either side or because it has not answered a ping. A slow reader is waited for.
 */
export class EventSocket {
  static #open = 0;
  /** Aborts when it is closed. */
  readonly gone: AbortSignal;
  readonly #socket: WebSocket;
  readonly #pings: NodeJS.Timeout;

  /** Sockets of this process that are open. */
  static get open(): number {
    return EventSocket.#open;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const gone = new AbortController();
    this.gone = gone.signal;
    let isAlive = true;
    socket.on('pong', () => {
      isAlive = true;
    });
    // Closed by ws itself, which says why to the other side.
    socket.on('error', () => {});
    EventSocket.#open += 1;
    socket.once('close', () => {
      EventSocket.#open -= 1;
      clearInterval(this.#pings);
      gone.abort();
    });
    this.#pings = setInterval(() => {
      if (!isAlive) socket.terminate();
      // A reader that does not read must not be given more to buffer.
      if (socket.bufferedAmount > 0) return;
      isAlive = false;
      socket.ping();
    }, PING_MS);
  }

  /** Responds with 101. From then on, the HTTP response is no longer used. */
  static accept(request: Request, response: Response, { socket, head }: Upgrade): Promise<EventSocket> {
    response.writeHead(101);
    response.detachSocket(response.socket as NonNullable<Response['socket']>);
    return new Promise((resolve, reject) => {
      const onClose = () => reject(new Error('the handshake was not finished'));
      socket.once('close', onClose);
      server.handleUpgrade(request, socket, head, (accepted) => {
        socket.off('close', onClose);
        resolve(new EventSocket(accepted));
      });
    });
  }

  /** Resolves when the message is handed to the network, which waits for a slow reader. */
  async send(message: unknown): Promise<void> {
    await new Promise<void>((resolve) => {
      // An error means a closed socket, which `gone` reports.
      this.#socket.send(JSON.stringify(message), () => resolve());
    });
  }

  async close(reason: CloseReason): Promise<void> {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
    this.#socket.close(CLOSE_CODES[reason], reason);
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_MS);
    await closed;
    clearTimeout(timer);
  }
}
