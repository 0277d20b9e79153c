import type { Request, Response } from 'express';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Upgrade } from '../http/upgrade.ts';
import { acceptWebSocket, closeWebSocket } from '../http/web-socket.ts';

const PING_MS = 15_000;
/** Ten seconds of the largest format; of text, far more than any message has. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** Messages that are taken from the network before those before them were used. */
const MAX_WAITING = 8;
/** What a client that does not read may make us keep, and for how long. */
const MAX_UNREAD_BYTES = 1_048_576;
const UNREAD_MS = 10_000;

export interface DoorMessage {
  isBinary: boolean;
  data: Buffer;
}

/** No compression: it costs a client 100 kB or more, and audio is not smaller for it. */
const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAX_MESSAGE_BYTES,
  // What a browser offers as a protocol may be its key; the first that is no secret is chosen by its door.
  handleProtocols: (offered) => [...offered][0] ?? false,
});

/**
 * A WebSocket that both sides speak on, bounded both ways: it reads on only when what it has read is used, and closes when its
 * client does not read. open -> closed, by either side or because it has not answered a ping.
 */
export class DoorSocket {
  static #open = 0;
  /** Aborts when it is closed. */
  readonly gone: AbortSignal;
  readonly #socket: WebSocket;
  readonly #pings: NodeJS.Timeout;
  readonly #waiting: DoorMessage[] = [];
  #unreadSinceMs: number | null = null;
  #wake: () => void = () => {};

  /** Sockets of this process that are open. */
  static get open(): number {
    return DoorSocket.#open;
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
    socket.on('message', (data, isBinary) => {
      isAlive = true;
      this.#waiting.push({ isBinary, data: data as Buffer });
      if (this.#waiting.length >= MAX_WAITING) socket.pause();
      this.#wake();
    });
    DoorSocket.#open += 1;
    socket.once('close', () => {
      DoorSocket.#open -= 1;
      clearInterval(this.#pings);
      gone.abort();
      this.#wake();
    });
    this.#pings = setInterval(() => {
      // What it sends is not read at the moment, its answer neither.
      if (socket.isPaused) return;
      if (!isAlive) return socket.terminate();
      isAlive = false;
      socket.ping();
    }, PING_MS);
  }

  /** As acceptWebSocket. */
  static accept(request: Request, response: Response, upgrade: Upgrade): Promise<DoorSocket> {
    return acceptWebSocket(server, request, response, upgrade, (socket) => new DoorSocket(socket));
  }

  /** What the client says, until it is gone. Whoever awaits something in between makes it wait. */
  async *messages(): AsyncGenerator<DoorMessage, void> {
    while (!this.gone.aborted || this.#waiting.length > 0) {
      const message = this.#waiting.shift();
      if (message !== undefined) yield message;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      if (this.#socket.isPaused && this.#waiting.length < MAX_WAITING) this.#socket.resume();
    }
  }

  /** The next message; null: it is gone, or the signal came first. */
  async next(signal: AbortSignal): Promise<DoorMessage | null> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      while (this.#waiting.length === 0 && !this.gone.aborted && !signal.aborted) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      return this.#waiting.shift() ?? null;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** A JSON message. A client that does not read loses its connection, and nothing else. */
  send(message: unknown): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount === 0) this.#unreadSinceMs = null;
    else this.#unreadSinceMs ??= performance.now();
    const isStuck = this.#unreadSinceMs !== null && performance.now() - this.#unreadSinceMs > UNREAD_MS;
    if (isStuck || socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
    else socket.send(text, () => {});
  }

  close(code: number, reason: string): Promise<void> {
    // A close frame that was sent by the other side is read only where the socket is.
    if (this.#socket.readyState !== this.#socket.CLOSED) this.#socket.resume();
    return closeWebSocket(this.#socket, code, reason);
  }
}
