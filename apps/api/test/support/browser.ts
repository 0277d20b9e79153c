import { type Reply, read } from './replies.ts';

/** What a browser says of where a request is from. */
const OWN_PAGE = { 'Sec-Fetch-Site': 'same-origin' };

/** A browser with a page of the service open: it keeps cookies, and says where its requests come from. Follows no redirect. */
export class Browser {
  readonly #base: string;
  readonly cookies = new Map<string, string>();
  /** The Set-Cookie headers of the last answer. */
  lastCookies: string[] = [];
  /** What the page learned at GET /auth/session. */
  csrfToken: string | null = null;

  constructor(base: string) {
    this.#base = base;
  }

  async send(
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: string | FormData } = {},
  ): Promise<Reply> {
    const headers = {
      ...OWN_PAGE,
      ...(this.cookies.size > 0 && { Cookie: this.cookieHeader }),
      ...(this.csrfToken !== null && { 'X-CSRF-Token': this.csrfToken }),
      ...init.headers,
    };
    const url = new URL(path, this.#base);
    const response = await fetch(url, { method, redirect: 'manual', ...init, headers });
    this.#keep(response.headers.getSetCookie());
    return read(response);
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get(path: string): Promise<Reply> {
    return this.send('GET', path);
  }

  sendJson(method: string, path: string, body: object): Promise<Reply> {
    return this.send(method, path, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  }

  /** As a page does when it opens. */
  async session(): Promise<Record<string, unknown>> {
    const { json } = await this.get('/auth/session');
    this.csrfToken = typeof json?.csrf_token === 'string' ? json.csrf_token : null;
    return json ?? {};
  }

  async signIn(key: string): Promise<Reply> {
    const reply = await this.sendJson('POST', '/auth/session', { key });
    this.csrfToken = typeof reply.json?.csrf_token === 'string' ? reply.json.csrf_token : null;
    return reply;
  }

  #keep(lines: string[]): void {
    this.lastCookies = lines;
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}
