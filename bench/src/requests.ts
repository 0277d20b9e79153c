import { openAsBlob } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Accepted {
  job_id: string;
}

interface Body {
  type: string;
  bytes: Buffer;
}

/** Connections stay open, as those of any client that asks often. */
const agent = new Agent({ keepAlive: true });
const bodies = new Map<string, Promise<Body>>();

/**
 * One multipart POST; the answer is read to its end. Throws on any that is not 2xx. Clients share the processor with
 * what is measured, so they do as little as they can: a body is made once.
 */
export async function post(url: string, path: string, fields: Record<string, string> = {}): Promise<unknown> {
  const key = JSON.stringify([path, fields]);
  const made = bodies.get(key) ?? bodyOf(path, fields);
  bodies.set(key, made);
  const answer = await send(url, await made);
  return answer === '' ? null : JSON.parse(answer);
}

export async function get(url: string): Promise<unknown> {
  return JSON.parse(await send(url));
}

async function bodyOf(path: string, fields: Record<string, string>): Promise<Body> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', await openAsBlob(path), basename(path));
  const body = new Response(form);
  return { type: body.headers.get('content-type') ?? '', bytes: Buffer.from(await body.arrayBuffer()) };
}

async function send(url: string, body: Body | null = null): Promise<string> {
  const headers = body === null ? {} : { 'Content-Type': body.type, 'Content-Length': body.bytes.length };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent, headers, method: body === null ? 'GET' : 'POST' }, resolve)
      .on('error', reject)
      .end(body?.bytes);
  });
  const said = await text(answer);
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return said;
  throw new Error(`${url} answered ${status}: ${said.slice(0, 300)}`);
}

/** Runs `total` calls with `clients` of them in flight and gives each one's wall time in milliseconds. */
export async function load(
  clients: number,
  total: number,
  call: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const samples: number[] = [];
  let next = 0;
  const client = async () => {
    for (let index = next++; index < total; index = next++) {
      const startedAt = performance.now();
      await call(index);
      samples.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return samples;
}
