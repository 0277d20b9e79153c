import type { z } from 'zod';
import {
  type OwnKeyForm,
  type ProfileChanges,
  type WireNewOwnKey,
  type WireOwnKeyList,
  type WireProfile,
  wireNewOwnKeySchema,
  wireOwnKeyListSchema,
  wireProfileSchema,
} from '#wire';
import type { Call, Http } from './http.ts';

/** Of a user who signed in with an identity provider. Methods reject as those of SottoClient do. */
export class Profile {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  get(call: Call = {}): Promise<WireProfile> {
    return this.#answer('GET', '/auth/profile', call, wireProfileSchema);
  }

  /** What is left out stays as it is; `defaults` are replaced as a whole. */
  change(changes: ProfileChanges, call: Call = {}): Promise<WireProfile> {
    return this.#answer('PATCH', '/auth/profile', call, wireProfileSchema, changes);
  }

  /** Those that the user has made, oldest first. */
  keys(call: Call = {}): Promise<WireOwnKeyList> {
    return this.#answer('GET', '/auth/keys', call, wireOwnKeyListSchema);
  }

  /** The answer has its secret, which is never told again. */
  createKey(form: OwnKeyForm, call: Call = {}): Promise<WireNewOwnKey> {
    return this.#answer('POST', '/auth/keys', call, wireNewOwnKeySchema, form);
  }

  async deleteKey(id: string, call: Call = {}): Promise<void> {
    await this.#http.request(this.#http.url(`/auth/keys/${encodeURIComponent(id)}`), { method: 'DELETE' }, call);
  }

  async #answer<S extends z.ZodType>(method: string, path: string, call: Call, schema: S, body?: object) {
    const url = this.#http.url(path);
    const headers = this.#http.headers(body === undefined ? {} : { 'content-type': 'application/json' });
    const request = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return this.#http.json(url, await this.#http.request(url, request, call), schema, call.signal);
  }
}
