import { type WireItem, wireItemSchema } from '@sotto/contracts';
import { waitFor } from '@sotto/testkit';
import { formOf, type Reply, send } from './replies.ts';

/** A new database takes a while. */
export async function libraryOpen(url: string, timeoutMs = 60_000): Promise<void> {
  const isOpen = async () => {
    const { checks } = (await send(`${url}/health/ready`)).json as { checks: { library?: boolean } };
    return checks.library === true;
  };
  await waitFor(isOpen, { what: 'the library', timeoutMs });
}

/** The library of one key, or of nobody in particular where keys are off. */
export class LibraryOf {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, key?: string) {
    this.#url = url;
    this.#headers = key === undefined ? {} : { 'X-API-Key': key };
  }

  get(path = '', headers: Record<string, string> = {}): Promise<Reply> {
    return send(`${this.#url}/library${path}`, { headers: { ...this.#headers, ...headers } });
  }

  fetch(path: string): Promise<Response> {
    return fetch(`${this.#url}/library${path}`, { headers: this.#headers });
  }

  import(archive: Uint8Array): Promise<Reply> {
    const headers = { ...this.#headers, 'Content-Type': 'application/zip' };
    return send(`${this.#url}/library/import`, { method: 'POST', headers, body: new Uint8Array(archive) });
  }

  /** Has the recording of an item transcribed once more. @returns the reply of /transcribe */
  keepAgain(itemId: string, fields: Record<string, string> = {}): Promise<Reply> {
    const body = formOf(null, { item_id: itemId, keep: 'true', async: 'true', cache: 'false', ...fields });
    return send(`${this.#url}/transcribe`, { method: 'POST', body, headers: this.#headers });
  }

  send(method: string, path: string, body?: object): Promise<Reply> {
    const headers = { ...this.#headers, ...(body && { 'Content-Type': 'application/json' }) };
    return send(`${this.#url}/library${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  }

  /** @returns the reply of /transcribe */
  keep(bytes: Uint8Array, fields: Record<string, string> = {}, name = 'talk.wav'): Promise<Reply> {
    const body = formOf({ bytes, name }, { keep: 'true', async: 'true', ...fields });
    return send(`${this.#url}/transcribe`, { method: 'POST', body, headers: this.#headers });
  }

  async item(id: string): Promise<WireItem> {
    return wireItemSchema.parse((await this.get(`/${id}`)).json);
  }

  ended(id: string, timeoutMs = 30_000): Promise<WireItem> {
    const end = async () => {
      const item = await this.item(id);
      return item.status === 'processing' ? null : item;
    };
    return waitFor(end, { what: `item ${id} to end`, timeoutMs });
  }

  /** Keeps a recording and waits for its transcript. */
  async kept(bytes: Uint8Array, fields: Record<string, string> = {}, name?: string): Promise<WireItem> {
    const reply = await this.keep(bytes, fields, name);
    if (reply.status !== 202) throw new Error(`Not accepted: ${reply.status} ${reply.text}`);
    return this.ended(String(reply.json?.job_id));
  }

  async ids(query = ''): Promise<string[]> {
    const { items } = (await this.get(query)).json as { items: { id: string }[] };
    return items.map(({ id }) => id);
  }
}
