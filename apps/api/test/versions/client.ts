import { waitFor } from '@sotto/testkit';

type Fields = Record<string, string>;
type Json = Record<string, unknown>;

/** A client of the API, outside of jest too. */
export class Client {
  readonly url: string;
  readonly #headers: Fields;

  constructor(url: string, key?: string) {
    this.url = url;
    this.#headers = key === undefined ? {} : { 'X-API-Key': key };
  }

  /** @throws Error for any other status. */
  async ask(expected: number, path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.url + path, { ...init, headers: { ...this.#headers, ...init.headers } });
    if (response.status === expected) return response;
    throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${await response.text()}`);
  }

  async json(expected: number, path: string, init: RequestInit = {}): Promise<Json> {
    return (await (await this.ask(expected, path, init)).json()) as Json;
  }

  async postJson(expected: number, path: string, body: object): Promise<Json> {
    const headers = { 'Content-Type': 'application/json' };
    return this.json(expected, path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Sends a recording; gives the job's id at once. */
  async submit(wav: Uint8Array, fields: Fields = {}): Promise<string> {
    const body = formOf([{ bytes: wav, name: 'recording.wav' }], { async: 'true', ...fields });
    return String((await this.json(202, '/transcribe', { method: 'POST', body })).job_id);
  }

  /** Sends a recording and waits for its text. */
  async transcribe(wav: Uint8Array, fields: Fields = {}): Promise<string> {
    const body = formOf([{ bytes: wav, name: 'recording.wav' }], fields);
    return String((await this.json(200, '/transcribe', { method: 'POST', body })).text);
  }

  /** The job when it has ended. */
  ended(id: string, timeoutMs = 60_000): Promise<Json> {
    return waitFor(
      async () => {
        const job = await this.json(200, `/status/${id}`);
        return job.status === 'processing' ? null : job;
      },
      { what: `job ${id} to end`, timeoutMs },
    );
  }
}

export function formOf(
  files: readonly { bytes: Uint8Array; name: string; field?: string }[],
  fields: Fields = {},
): FormData {
  const form = new FormData();
  for (const { bytes, name, field = 'file' } of files) form.append(field, new Blob([new Uint8Array(bytes)]), name);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}
