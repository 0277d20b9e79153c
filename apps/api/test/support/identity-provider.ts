import { fileURLToPath } from 'node:url';
import { Child, freePort, REPOSITORY, waitFor } from '@sotto/testkit';
import type { Browser } from './browser.ts';
import type { Reply } from './replies.ts';

const PROGRAM = fileURLToPath(new URL('./identity-provider.mjs', import.meta.url));

/** A provider of its own process, and how people sign in there. */
export class TestProvider {
  readonly issuer: string;
  /** Of the API that its only client is. */
  readonly publicUrl: string;
  readonly #arguments: string[];
  #process: Child | null = null;

  private constructor(port: number, apiPort: number) {
    this.issuer = `http://127.0.0.1:${port}`;
    this.publicUrl = `http://127.0.0.1:${apiPort}`;
    this.#arguments = [PROGRAM, String(port), `${this.publicUrl}/auth/oidc/callback`, `${this.publicUrl}/`];
  }

  static async open(): Promise<TestProvider> {
    const provider = new TestProvider(await freePort(), await freePort());
    await provider.start();
    return provider;
  }

  async start(): Promise<void> {
    const options = { name: 'identity provider', command: process.execPath, args: this.#arguments, cwd: REPOSITORY };
    const started = await Child.start(options);
    this.#process = started;
    await waitFor(() => Promise.resolve(started.stdout.includes('listening')), { what: 'the provider to listen' });
  }

  async stop(): Promise<void> {
    await this.#process?.kill9();
  }

  /** For the API at `publicUrl`. */
  get settings(): Record<string, string> {
    return {
      PORT: new URL(this.publicUrl).port,
      PUBLIC_URL: this.publicUrl,
      OIDC_ISSUER: this.issuer,
      OIDC_CLIENT_ID: 'sotto',
      OIDC_CLIENT_SECRET: 'a secret of the client',
      OIDC_SCOPES: 'openid profile email groups',
      OIDC_NAME: 'Test ID',
    };
  }

  async move(login: string, groups: string): Promise<void> {
    await fetch(`${this.issuer}/groups?login=${login}&groups=${groups}`);
  }

  /** What a person does at the provider, from the address that the API has sent the browser to. @returns where it sends it back to */
  async visit(browser: Browser, address: string, login: string): Promise<string> {
    let next = await this.#get(browser, address);
    for (let step = 0; step < 10; step += 1) {
      const location = next.headers.get('location');
      if (location?.startsWith(this.publicUrl)) return location;
      next = location === null ? await this.#answer(browser, next, login) : await this.#get(browser, location);
    }
    throw new Error(`The provider does not send the browser back: ${next.status} ${next.text.slice(0, 500)}`);
  }

  #get(browser: Browser, address: string): Promise<Reply> {
    return browser.send('GET', new URL(address, this.issuer).href);
  }

  /** Its pages of login and consent have one form each. */
  #answer(browser: Browser, { text }: Reply, login: string): Promise<Reply> {
    const [, action = ''] = /<form[^>]* action="([^"]+)" method="post">/.exec(text) ?? [];
    const [, prompt = ''] = /name="prompt" value="(\w+)"/.exec(text) ?? [];
    if (action === '' || prompt === '') throw new Error(`No form on the provider's page: ${text.slice(0, 500)}`);
    const body = new URLSearchParams({ prompt, login, password: 'any' }).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    return browser.send('POST', new URL(action, this.issuer).href, { headers, body });
  }
}
