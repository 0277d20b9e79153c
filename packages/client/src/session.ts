import type { z } from 'zod';
import {
  type WireSessionList,
  type WireSessionState,
  type WireSignOut,
  wireSessionListSchema,
  wireSessionStateSchema,
  wireSignOutSchema,
} from '#wire';
import type { Call, Http } from './http.ts';

/**
 * Who is signed in to this browser. For pages that the service itself serves: other origins have no cookies here. Methods reject
 * as those of SottoClient do. Call `get` first: it learns the token that every change needs (`csrf_token_wrong` without it).
 */
export class SignIn {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Who is signed in, and how others could. Never refused. */
  async get(call: Call = {}): Promise<WireSessionState> {
    return this.#learn(await this.#answer('GET', '', call, wireSessionStateSchema));
  }

  /** With an API key, which need not be kept. For an identity provider, let the browser go to `sign_in.oidc.url`. */
  async signIn(key: string, call: Call = {}): Promise<WireSessionState> {
    return this.#learn(await this.#answer('POST', '', call, wireSessionStateSchema, { key }));
  }

  async signOut(call: Call = {}): Promise<WireSignOut> {
    const answer = await this.#answer('DELETE', '', call, wireSignOutSchema);
    this.#http.csrfToken = null;
    return answer;
  }

  /** Browsers that are signed in with this key or as this user. */
  async list(call: Call = {}): Promise<WireSessionList> {
    return this.#answer('GET', 's', call, wireSessionListSchema);
  }

  /** Signs one browser out. */
  async end(id: string, call: Call = {}): Promise<void> {
    await this.#send('DELETE', `s/${encodeURIComponent(id)}`, call);
  }

  /** Signs all browsers out, this one included. */
  async signOutEverywhere(call: Call = {}): Promise<void> {
    await this.#send('DELETE', 's', call);
    this.#http.csrfToken = null;
  }

  #learn(state: WireSessionState): WireSessionState {
    this.#http.csrfToken = state.csrf_token;
    return state;
  }

  async #answer<S extends z.ZodType>(method: string, path: string, call: Call, schema: S, body?: object) {
    const { url, response } = await this.#send(method, path, call, body);
    return this.#http.json(url, response, schema, call.signal);
  }

  async #send(method: string, path: string, call: Call, body?: object) {
    const url = this.#http.url(`/auth/session${path}`);
    const request =
      body === undefined
        ? { method }
        : { method, headers: this.#http.headers({ 'content-type': 'application/json' }), body: JSON.stringify(body) };
    return { url, response: await this.#http.request(url, request, call) };
  }
}
