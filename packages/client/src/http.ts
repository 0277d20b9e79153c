import type { z } from 'zod';
import { ConnectionError, errorOfAnswer, parseJson, UnexpectedAnswerError } from './errors.ts';

export interface HttpOptions {
  /** Address of the service, such as `http://127.0.0.1:8000`; it may have a path. */
  baseUrl: string;
  /** Sent as X-API-Key. */
  apiKey?: string | null;
  fetch?: typeof fetch;
}

/** A list is sent as the same name several times. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface Call {
  signal?: AbortSignal;
}

/** How every request of the client goes out and comes back. */
export class Http {
  readonly #baseUrl: string;
  readonly #apiKey: string | null;
  /** Sent as X-CSRF-Token: what a page that is signed in by a cookie must show. null: none is known. */
  csrfToken: string | null = null;
  readonly fetch: typeof fetch;

  constructor(options: HttpOptions) {
    this.#baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.#apiKey = options.apiKey ?? null;
    // Browsers refuse a fetch that is not called on their global object.
    this.fetch = options.fetch ?? ((...parameters) => globalThis.fetch(...parameters));
  }

  url(path: string, query: Query = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const one of [value ?? []].flat()) search.append(name, String(one));
    }
    return `${this.#baseUrl}${path}${search.size > 0 ? `?${search}` : ''}`;
  }

  /** Of a WebSocket, which has no headers. */
  socketUrl(path: string): string {
    const page = (globalThis as { location?: { href: string } }).location?.href;
    const url = new URL(this.url(path, this.#apiKey === null ? {} : { api_key: this.#apiKey }), page);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  }

  headers(more: Record<string, string> = {}): Record<string, string> {
    return {
      ...(this.#apiKey !== null && { 'x-api-key': this.#apiKey }),
      ...(this.csrfToken !== null && { 'x-csrf-token': this.csrfToken }),
      ...more,
    };
  }

  /** @param accepted statuses of 400 and above that are an answer and no error. */
  request(url: string, init: RequestInit, { signal }: Call, accepted?: readonly number[]): Promise<Response> {
    const whole = { headers: this.headers(), ...init, ...(signal && { signal }) };
    return this.settle(url, () => this.fetch(url, whole), signal, accepted);
  }

  /**
   * Runs one exchange. Rejects with the signal's reason, a ConnectionError, or what a 4xx/5xx answer stands for.
   */
  async settle(
    url: string,
    exchange: () => Promise<Response>,
    signal: AbortSignal | undefined,
    accepted: readonly number[] = [],
  ): Promise<Response> {
    const response = await this.connected(url, exchange, signal);
    if (response.ok || accepted.includes(response.status)) return response;
    const text = await this.text(url, response, signal);
    throw errorOfAnswer(response.status, response.headers, text);
  }

  text(url: string, response: Response, signal?: AbortSignal): Promise<string> {
    return this.connected(url, () => response.text(), signal);
  }

  async bytes(url: string, response: Response, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.connected(url, () => response.arrayBuffer(), signal));
  }

  async json<S extends z.ZodType>(
    url: string,
    response: Response,
    schema: S,
    signal?: AbortSignal,
  ): Promise<z.output<S>> {
    const text = await this.text(url, response, signal);
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new UnexpectedAnswerError(response.status, text.slice(0, 200), parsed.error);
  }

  /** A network failure becomes a ConnectionError, an abort the reason of its signal. */
  async connected<T>(url: string, exchange: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await exchange();
    } catch (error) {
      throw signal?.aborted ? signal.reason : new ConnectionError(url, error);
    }
  }
}
