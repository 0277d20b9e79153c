import { once } from 'node:events';
import type { Response } from 'express';

export interface SseMessage {
  id?: string;
  event?: string;
  data: unknown;
}

/** How soon a browser connects again after a broken line. */
const RETRY_MS = 2_000;

/**
 * A stream of server-sent events (WHATWG HTML, 9.2). A slow reader is waited for; a comment now and then keeps
 * proxies from closing a quiet line.
 */
export class SseStream {
  readonly #response: Response;
  readonly #heartbeat: NodeJS.Timeout;

  /** `retryMs` null: the stream cannot be taken up again, so nothing is said of when. */
  constructor(response: Response, heartbeatMs: number, { retryMs = RETRY_MS }: { retryMs?: number | null } = {}) {
    this.#response = response;
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    if (retryMs === null) response.flushHeaders();
    else response.write(`retry: ${retryMs}\n\n`);
    this.#heartbeat = setInterval(() => {
      // A reader that does not read needs no proof of life, and must not be given more to buffer.
      if (!response.writableNeedDrain) response.write(': keep-alive\n\n');
    }, heartbeatMs);
    response.once('close', () => clearInterval(this.#heartbeat));
  }

  /** Resolves when the reader can take more, or is gone. */
  async send({ id, event, data }: SseMessage, signal: AbortSignal): Promise<void> {
    const head = [...(id === undefined ? [] : [`id: ${id}\n`]), ...(event === undefined ? [] : [`event: ${event}\n`])];
    if (this.#response.write(`${head.join('')}data: ${JSON.stringify(data)}\n\n`)) return;
    await once(this.#response, 'drain', { signal }).catch(() => {});
  }

  end(): void {
    clearInterval(this.#heartbeat);
    this.#response.end();
  }
}
