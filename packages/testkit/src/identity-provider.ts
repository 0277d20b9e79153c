import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import { REPOSITORY } from './folders.ts';
import { freePort } from './ports.ts';
import { waitFor } from './wait-for.ts';

const PROGRAM = fileURLToPath(new URL('../assets/identity-provider.mjs', import.meta.url));

/** A real OpenID Connect provider, a process of its own: anybody signs in there with any password. */
export class IdentityProviderServer {
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

  static async open(): Promise<IdentityProviderServer> {
    const provider = new IdentityProviderServer(await freePort(), await freePort());
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

  /** From the next sign-in on. @param groups separated by commas */
  async move(login: string, groups: string): Promise<void> {
    await fetch(`${this.issuer}/groups?login=${login}&groups=${groups}`);
  }
}
