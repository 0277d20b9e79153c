import {
  type DictionaryRequest,
  type WireDictionary,
  type WireDictionaryList,
  wireDictionaryListSchema,
  wireDictionarySchema,
} from '#wire';
import type { Call, Http } from './http.ts';

/** How a word is said: `say`, or `ipa`. */
export type PronunciationEntry = DictionaryRequest['entries'][number];

/** Named lists of how words are said, for texts that are spoken. Methods reject as those of SottoClient do. */
export class Dictionaries {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** By name, without their entries. */
  async list(call: Call = {}): Promise<WireDictionaryList> {
    const url = this.#http.url('/dictionaries');
    return this.#http.json(url, await this.#http.request(url, {}, call), wireDictionaryListSchema, call.signal);
  }

  async find(name: string, call: Call = {}): Promise<WireDictionary> {
    const url = this.#one(name);
    return this.#http.json(url, await this.#http.request(url, {}, call), wireDictionarySchema, call.signal);
  }

  /** Creates it, or replaces all of its entries. What was accepted before is spoken with the entries of then. */
  async put(name: string, entries: readonly PronunciationEntry[], call: Call = {}): Promise<WireDictionary> {
    const url = this.#one(name);
    const headers = this.#http.headers({ 'content-type': 'application/json' });
    const body = JSON.stringify({ entries: [...entries] } satisfies DictionaryRequest);
    const response = await this.#http.request(url, { method: 'PUT', headers, body }, call);
    return this.#http.json(url, response, wireDictionarySchema, call.signal);
  }

  async delete(name: string, call: Call = {}): Promise<void> {
    await this.#http.request(this.#one(name), { method: 'DELETE' }, call);
  }

  #one(name: string): string {
    return this.#http.url(`/dictionaries/${encodeURIComponent(name)}`);
  }
}
