import { once } from 'node:events';
import type { Response } from 'express';

export interface SseMessage {
  id?: string;
  event?: string;
  data: unknown;
}

/** A message in the format of the stream. */
export function sseText({ id, event, data }: SseMessage): string {
  const head = [...(id === undefined ? [] : [`id: ${id}\n`]), ...(event === undefined ? [] : [`event: ${event}\n`])];
  return `${head.join('')}data: ${JSON.stringify(data)}\n\n`;
}

/** No proxy is to gather, change or keep it. */
export const SSE_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

/** How soon a browser reconnects after a broken connection. */
const RETRY_MS = 2_000;

/**
 * A stream of server-sent events (WHATWG HTML, 9.2). It waits for slow readers; comments in
 * between keep proxies from closing an idle connection.
 */
export class SseStream {
  static #open = 0;
  readonly #response: Response;
  readonly #heartbeat: NodeJS.Timeout;

  /** Streams of this process that are open. */
  static get open(): number {
    return SseStream.#open;
  }

  /** `retryMs` null: the stream cannot be resumed, so no retry time is sent. */
  constructor(response: Response, heartbeatMs: number, { retryMs = RETRY_MS }: { retryMs?: number | null } = {}) {
    this.#response = response;
    response.status(200).set(SSE_HEADERS);
    if (retryMs === null) response.flushHeaders();
    else response.write(`retry: ${retryMs}\n\n`);
    this.#heartbeat = setInterval(() => {
      // A reader that does not read needs no keep-alive, and must not be given more to buffer.
      if (!response.writableNeedDrain) response.write(': keep-alive\n\n');
    }, heartbeatMs);
    SseStream.#open += 1;
    response.once('close', () => {
      SseStream.#open -= 1;
      clearInterval(this.#heartbeat);
    });
  }

  /** Resolves when the reader can take more, or is gone. */
  send(message: SseMessage, signal: AbortSignal): Promise<void> {
    return this.write(sseText(message), signal);
  }

  /** The same for messages that are formatted already. */
  async write(text: string | Buffer, signal: AbortSignal): Promise<void> {
    if (this.#response.write(text)) return;
    await once(this.#response, 'drain', { signal }).catch(() => {});
  }

  end(): void {
    clearInterval(this.#heartbeat);
    this.#response.end();
  }
}
