import { SottoError, type WireLiveEvent, type WireLiveOpening, wireLiveEventSchema } from '#wire';
import { parseJson } from './errors.ts';

export type WebSocketClass = new (url: string) => WebSocketLike;

/** What is used of a WebSocket. */
export interface WebSocketLike {
  binaryType: string;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export interface LiveLineOptions {
  url: string;
  WebSocket: WebSocketClass;
  /** Its first message. */
  opening: WireLiveOpening;
  /** While something is waited for, a connection that says nothing for so long is taken for dead: some break without a word. */
  silentMs: number;
  isWaiting(): boolean;
  onEvent(event: Exclude<WireLiveEvent, { type: 'error' }>): void;
  /** Once. `refusal`: what the service said before; null: nothing. `wasOpen`: the handshake had succeeded. */
  onClose(refusal: SottoError | null, wasOpen: boolean): void;
}

/** One connection of a live session: connecting -> open -> closed. After `close` nothing is told any more. */
export class LiveLine {
  readonly #options: LiveLineOptions;
  readonly #socket: WebSocketLike;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #refusal: SottoError | null = null;
  #isOpen = false;
  #isClosed = false;

  constructor(options: LiveLineOptions) {
    this.#options = options;
    const socket = new options.WebSocket(options.url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#isOpen = true;
      this.#listen();
      socket.send(JSON.stringify(options.opening));
    };
    socket.onerror = () => {};
    socket.onmessage = ({ data }: { data: unknown }) => this.#take(data);
    socket.onclose = () => this.#end();
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#silence);
    this.#socket.close();
  }

  #take(data: unknown): void {
    if (this.#isClosed) return;
    this.#listen();
    // Of a newer service, what is not known is left out.
    const event = wireLiveEventSchema.safeParse(parseJson(String(data))).data;
    if (event?.type === 'error') this.#refusal = errorOf(event);
    else if (event !== undefined) this.#options.onEvent(event);
  }

  /** Something has come. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (!this.#options.isWaiting()) return this.#listen();
      this.#end();
      this.#socket.close();
    }, this.#options.silentMs);
  }

  #end(): void {
    clearTimeout(this.#silence);
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.onClose(this.#refusal, this.#isOpen);
  }
}

function errorOf({ error, detail, retry_after }: Extract<WireLiveEvent, { type: 'error' }>): SottoError {
  return new SottoError(error, detail, retry_after === undefined ? {} : { retryAfterSeconds: retry_after });
}
