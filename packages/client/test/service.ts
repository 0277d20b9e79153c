import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown;

/** A real HTTP server that speaks as much of the API as a test needs: `METHOD /path` -> answer. */
export class Service {
  readonly #server: Server;
  readonly #routes = new Map<string, Answer>();
  /** `METHOD /path?query` of every request, in order. */
  readonly seen: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  static async start(): Promise<Service> {
    const service = new Service();
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  on(route: string, answer: Answer): void {
    this.#routes.set(route, answer);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.seen.push(`${request.method} ${request.url}`);
    const route = this.#routes.get(`${request.method} ${request.url?.split('?')[0]}`);
    const parts: Buffer[] = [];
    // A client that goes away in the middle is some tests' point.
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return;
    }
    if (route === undefined) json(response, 404, errorBody('not_found', 'There is nothing there.'));
    else await route(request, response, Buffer.concat(parts));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

export function errorBody(error: string, detail: string) {
  return { error, message: 'For people.', detail, timestamp: '2026-01-01T00:00:00.000Z', request_id: 'r-1' };
}

/** The parts of a multipart body, read by the platform's own parser. */
export async function formOf(request: IncomingMessage, body: Buffer): Promise<FormData> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  return new Response(new Uint8Array(body), { headers }).formData();
}

export const TRANSCRIPT = {
  text: 'Hello.',
  language: 'en',
  language_probability: 0.98,
  duration: 1.5,
  segments: [{ id: 0, start: 0, end: 1.5, text: 'Hello.', confidence: 0.9 }],
  model: 'base',
  processing_time: 0.2,
  warnings: [],
};

export const JOB_ID = '6f1b1c1e-0000-4000-8000-000000000001';

export function status(state: string, more: Record<string, unknown> = {}) {
  return {
    job_id: JOB_ID,
    status: state,
    progress: 50,
    file_name: 'a.wav',
    created_at: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

export const ACCEPTED = {
  job_id: JOB_ID,
  status: 'processing',
  message: 'Transcription job accepted',
  status_url: `/status/${JOB_ID}`,
};
