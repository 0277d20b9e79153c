import { Agent, request as httpRequest } from 'node:http';
import type { Answered } from '@sotto/testkit';

/** Recordings and what is none, by the name that `Recordings` has them under. */
export const FILES = [
  'tone',
  'speech',
  'short',
  'silence',
  'empty',
  'words',
  'cut',
  'header',
  'noise',
  'none',
] as const;
export type FileName = (typeof FILES)[number];

export type FuzzBody =
  | { contentType: string; bytes: Uint8Array }
  /** The recording is the body. */
  | { contentType: string; file: FileName }
  | {
      form: {
        fields: [string, string][];
        fileField: string;
        file: FileName;
        fileName: string;
        fileFirst: boolean;
      };
    };

export interface FuzzRequest {
  /** Whose parameters it has, whatever it does to them. */
  operation: string;
  method: string;
  /** With `{id}` where one goes. */
  path: string;
  /** For each `{id}`: its number among those known, or its text. */
  ids: (number | string)[];
  query: [string, string][];
  headers: [string, string][];
  body: FuzzBody | null;
}

export interface FuzzAnswer extends Answered {
  location: string | null;
}

const TIMEOUT_MS = 30_000;
const BOUNDARY = 'sotto-fuzz';

/** Sends requests over a few connections, exactly as they are: fetch would mend or refuse some. */
export class Sender {
  readonly #url: URL;
  readonly #recordings: Readonly<Record<FileName, Uint8Array>>;
  readonly #agent: Agent;
  /** Ids that the service has told, by the collection they are of. */
  readonly #ids = new Map<string, string[]>();

  constructor(url: string, recordings: Readonly<Record<FileName, Uint8Array>>, sockets: number) {
    this.#url = new URL(url);
    this.#recordings = recordings;
    this.#agent = new Agent({ keepAlive: true, maxSockets: sockets });
  }

  /** Rejects when there is no answer. */
  async send(wanted: FuzzRequest): Promise<FuzzAnswer> {
    const url = this.#addressOf(wanted);
    const body = wanted.body === null ? null : this.#encode(wanted.body);
    const answer = await this.#exchange(wanted, url, body);
    this.#learn(wanted.path, answer);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }

  #addressOf({ path, ids, query }: FuzzRequest): string {
    let index = 0;
    const filled = path.replace(/\{\w+\}/g, () => {
      const choice = ids[index++] ?? 0;
      const known = this.#ids.get(collectionOf(path)) ?? [];
      return typeof choice === 'string'
        ? escaped(choice)
        : escaped(known[choice % Math.max(1, known.length)] ?? 'none');
    });
    const search = query.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
    return search === '' ? filled : `${filled}?${search}`;
  }

  #encode(body: FuzzBody): { contentType: string; bytes: Buffer } {
    if ('file' in body) return { contentType: body.contentType, bytes: Buffer.from(this.#recordings[body.file]) };
    if (!('form' in body)) return { contentType: body.contentType, bytes: Buffer.from(body.bytes) };
    const { fields, fileField, file, fileName, fileFirst } = body.form;
    const part = (disposition: string, content: Uint8Array | string) =>
      Buffer.concat([
        Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
        Buffer.from(content as string),
        Buffer.from('\r\n'),
      ]);
    const quoted = (text: string) => text.replace(/["\r\n]/g, '%22');
    const texts = fields.map(([name, value]) => part(`name="${quoted(name)}"`, value));
    const disposition = `name="${quoted(fileField)}"; filename="${quoted(fileName)}"`;
    const files = file === 'none' ? [] : [part(disposition, this.#recordings[file])];
    const parts = fileFirst ? [...files, ...texts] : [...texts, ...files];
    const bytes = Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
    return { contentType: `multipart/form-data; boundary=${BOUNDARY}`, bytes };
  }

  #exchange(
    { method, headers }: FuzzRequest,
    path: string,
    body: { contentType: string; bytes: Buffer } | null,
  ): Promise<FuzzAnswer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#url;
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const request = httpRequest({ hostname, port, method, path, agent: this.#agent, signal });
      for (const [name, value] of headers) request.setHeader(name, value);
      if (body !== null && body.contentType !== '') request.setHeader('Content-Type', body.contentType);
      if (body !== null) request.setHeader('Content-Length', body.bytes.length);
      request.once('error', reject);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const { 'content-type': type = null, 'retry-after': retryAfter = null, location = null } = response.headers;
          resolve({
            method,
            url: path,
            status: response.statusCode ?? 0,
            location,
            headers: { 'content-type': type, 'retry-after': retryAfter },
            body: Buffer.concat(chunks).toString('utf8'),
          });
        });
      });
      request.end(body?.bytes);
    });
  }

  #learn(path: string, { status, body, location }: FuzzAnswer): void {
    // Of a worker that takes no jobs, nothing would become but waiting.
    if (status >= 300 || collectionOf(path) === 'workers') return;
    // An upload that begins has no body.
    const begun = /\/uploads\/([\w-]+)$/.exec(location ?? '')?.[1];
    if (begun !== undefined) this.#know('uploads', begun);
    const token = /"token":"([\w-]+)"/.exec(body ?? '')?.[1];
    if (token !== undefined) this.#know('shared', token);
    if (['vocabularies', 'dictionaries'].includes(collectionOf(path))) {
      for (const [, name = ''] of (body ?? '').matchAll(/"name":"([^"\\]+)"/g)) this.#know(collectionOf(path), name);
    }
    for (const [, name = '', id = ''] of (body ?? '').matchAll(/"(job_id|id|batch_id)":"([\w.-]+)"/g)) {
      const hasUuids = ['voices', 'library', 'folders'].includes(collectionOf(path));
      const isJob = name === 'job_id' || (name === 'id' && !hasUuids && /^[0-9a-f-]{36}$/.test(id));
      this.#know(isJob ? 'jobs' : name === 'batch_id' ? 'batches' : collectionOf(path), id);
    }
  }

  #know(collection: string, id: string): void {
    this.#ids.set(collection, [...(this.#ids.get(collection) ?? []), id].slice(-50));
  }
}

const ALIASES: Record<string, string> = { status: 'jobs', transcribe: 'jobs', asr: 'jobs', audio: 'jobs' };

/** `/v1/admin/keys/{id}/rotate` -> `keys` */
function collectionOf(path: string): string {
  const [first = ''] = path
    .replace(/^\/v1/, '')
    .replace(/^\/+(admin\/)?/, '')
    .split('/');
  if (path.includes('/library/folders')) return 'folders';
  if (path.includes('/voice_consents')) return 'voice_consents';
  return ALIASES[first] ?? first;
}

/** As a URL has it; half of a surrogate pair has no place in one. */
function escaped(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}
