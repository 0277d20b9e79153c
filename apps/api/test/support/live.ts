import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { WireLiveEvent } from '@sotto/contracts';
import { waitFor } from '@sotto/testkit';
import { WebSocket } from 'ws';

const CHUNK_MS = 100;

type Of<T extends WireLiveEvent['type']> = Extract<WireLiveEvent, { type: T }>;

/** One connection to `WS /live`. */
export class LiveSocket {
  readonly heard: WireLiveEvent[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.heard.push(JSON.parse(String(data)) as WireLiveEvent));
    socket.on('error', () => {});
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
  }

  static async open(url: string, opening: unknown, headers: Record<string, string> = {}): Promise<LiveSocket> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers });
    const live = new LiveSocket(socket);
    await once(socket, 'open');
    live.say(opening);
    return live;
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  of<T extends WireLiveEvent['type']>(type: T): Of<T>[] {
    return this.heard.filter((event): event is Of<T> => event.type === type);
  }

  /** The first event of that type, once it has come. */
  async first<T extends WireLiveEvent['type']>(type: T): Promise<Of<T>> {
    return waitFor(() => this.of(type)[0] ?? false, { what: type, timeoutMs: 30_000 });
  }

  get finalText(): string {
    return this.of('final')
      .map(({ text }) => text)
      .join(' ')
      .trim();
  }

  get lastEventId(): string | null {
    return this.heard.flatMap((event) => ('id' in event ? [event.id] : [])).at(-1) ?? null;
  }

  /** 16 kHz samples from a place on, at the pace at which they are spoken, while the socket is open. */
  async speak(pcm: Uint8Array, { fromSample = 0, pace = 1 } = {}): Promise<void> {
    const beganMs = performance.now();
    for (let at = 2 * fromSample; at < pcm.length && this.socket.readyState === WebSocket.OPEN; at += CHUNK_MS * 32) {
      await delay(Math.max(0, beganMs + (at / 32 - fromSample / 16) / pace - performance.now()));
      this.socket.send(pcm.subarray(at, at + CHUNK_MS * 32));
    }
  }
}
