import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

export interface Accepted {
  job_id: string;
}

/** One multipart POST; the body is read to its end. Throws on any answer that is not 2xx. */
export async function post(url: string, path: string, fields: Record<string, string> = {}): Promise<unknown> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', await openAsBlob(path), basename(path));
  const answer = await fetch(url, { method: 'POST', body: form });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${body.slice(0, 300)}`);
  return body === '' ? null : JSON.parse(body);
}

export async function get(url: string): Promise<unknown> {
  const answer = await fetch(url);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${body.slice(0, 300)}`);
  return JSON.parse(body);
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
