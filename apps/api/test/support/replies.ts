import { expect } from '@jest/globals';
import { errorBodySchema } from '@sotto/contracts';
import { z } from 'zod';

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** null when the body is no JSON object. */
  json: Record<string, unknown> | null;
}

const object = z.record(z.string(), z.unknown());

export async function send(address: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Reply> {
  return read(await fetch(address, init));
}

export async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parseObject(text) };
}

export function parseObject(text: string): Record<string, unknown> | null {
  try {
    return object.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export interface Recording {
  bytes: Uint8Array;
  name?: string;
  type?: string;
}

export function formOf(file: Recording | null, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  if (file !== null) {
    const blob = new Blob([new Uint8Array(file.bytes)], { type: file.type ?? 'application/octet-stream' });
    form.append('file', blob, file.name ?? 'recording.wav');
  }
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

export function transcribe(url: string, file: Recording | null, fields: Record<string, string> = {}): Promise<Reply> {
  return send(`${url}/transcribe`, { method: 'POST', body: formOf(file, fields) });
}

/** The five fields of every error, the documented status and code, and nothing of the inside of the server. */
export function expectError(reply: Pick<Reply, 'status' | 'text'>, status: number, code: string): void {
  const body = errorBodySchema.parse(JSON.parse(reply.text));
  expect({ status: reply.status, code: body.error, detail: body.detail }).toEqual({
    status,
    code,
    detail: expect.stringMatching(/./),
  });
  expect(reply.text).not.toMatch(/\\n +at |node_modules|\.[tj]s:\d|\/src\//);
}
