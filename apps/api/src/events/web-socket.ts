import type { Request, Response } from 'express';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Upgrade } from '../http/upgrade.ts';
import { acceptWebSocket, CLOSE_CODES, type CloseReason, closeWebSocket } from '../http/web-socket.ts';

const PING_MS = 15_000;
/** Clients send nothing of interest. */
const MAX_INCOMING_BYTES = 1_024;

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

  /** As acceptWebSocket. */
  static accept(request: Request, response: Response, upgrade: Upgrade): Promise<EventSocket> {
    return acceptWebSocket(server, request, response, upgrade, (socket) => new EventSocket(socket));
  }

  /** Resolves when the message is handed to the network, which waits for a slow reader. */
  async send(message: unknown): Promise<void> {
    await new Promise<void>((resolve) => {
      // An error means a closed socket, which `gone` reports.
      this.#socket.send(JSON.stringify(message), () => resolve());
    });
  }

  close(reason: CloseReason): Promise<void> {
    return closeWebSocket(this.#socket, CLOSE_CODES[reason], reason);
  }
}
