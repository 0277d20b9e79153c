import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { curl, type Service, startService } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { type BadInput, REFUSED } from './reference/bad-input.ts';
import { leavesNothing } from './support/fleet.ts';
import { made, wav } from './support/media.ts';
import { expectError, formOf, parseObject, type Reply, read, send, transcribe } from './support/replies.ts';

const MAX_FILE_SIZE = 400_000;
let service: Service;
let redis: Redis;
let large: Uint8Array;

beforeAll(async () => {
  service = await startService({
    workers: 0,
    apiEnv: { MAX_FILE_SIZE: String(MAX_FILE_SIZE), UPLOAD_IDLE_TIMEOUT: '0.5' },
  });
  redis = service.redis.client();
  large = wav(400_000);
});

afterAll(async () => {
  await service?.close();
});

const text = (content: string): Uint8Array => Buffer.from(content);
const post = (body: FormData): Promise<Reply> => send(`${service.url}/transcribe`, { method: 'POST', body });
const withOption = (name: string, value: string) => () => transcribe(service.url, { bytes: wav() }, { [name]: value });

/** Parts of a multipart body, sent bit by bit over a socket of our own. */
const HEAD = [
  'POST /transcribe HTTP/1.1',
  'Host: localhost',
  'Content-Type: multipart/form-data; boundary=b',
  'Transfer-Encoding: chunked',
  '',
  '',
].join('\r\n');
const PART = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n';
const chunk = (bytes: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.from(`${Buffer.byteLength(bytes).toString(16)}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')]);

const REQUESTS: Record<keyof typeof REFUSED, () => Promise<Pick<Reply, 'status' | 'text'>>> = {
  empty: () => transcribe(service.url, { bytes: text('') }),
  magic: async () => transcribe(service.url, { bytes: await png(), name: 'sound.wav' }),
  text: () => transcribe(service.url, { bytes: text('These are words.\n'.repeat(1_000)), name: 'words.mp3' }),
  extension: () => transcribe(service.url, { bytes: wav(), name: 'words.txt' }),
  type: () => transcribe(service.url, { bytes: wav(), name: 'sound', type: 'image/png' }),
  playlist: () =>
    transcribe(service.url, {
      bytes: text('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n#EXT-X-ENDLIST\n'),
      name: 'song.mp3',
    }),
  script: () =>
    transcribe(service.url, {
      bytes: text("ffconcat version 1.0\nfile '/etc/passwd'\nfile 'http://127.0.0.1:1/x.wav'\n"),
      name: 'song.mp3',
    }),
  large: () => transcribe(service.url, { bytes: large }),
  largeChunked: () => sendChunked(formOf({ bytes: large })),
  stalled: () => overSocket([HEAD, chunk(PART), chunk(wav().subarray(0, 5_000))]),
  noFile: () => transcribe(service.url, null, { language: 'de' }),
  twoFiles: () => {
    const form = formOf({ bytes: wav() });
    form.append('file', new Blob([new Uint8Array(wav(500))]), 'second.wav');
    return post(form);
  },
  unknownField: withOption('langauge', 'de'),
  notMultipart: () => send(`${service.url}/transcribe`, { method: 'POST', body: 'file=x' }),
  malformed: () => overSocket([HEAD, chunk(PART), chunk(wav().subarray(0, 5_000)), '0\r\n\r\n']),
  language: withOption('language', 'klingon'),
  format: withOption('response_format', 'pdf'),
  temperature: withOption('temperature', '1.01'),
  model: withOption('model', 'no-such-model'),
  englishModel: () => transcribe(service.url, { bytes: wav() }, { model: 'tiny.en', task: 'translate' }),
};

const png = (): Promise<Uint8Array> => made('png', '-f', 'lavfi', '-i', 'testsrc=size=64x64', '-frames:v', '1');

/** No Content-Length: the server learns the size as it comes. */
async function sendChunked(form: FormData): Promise<Reply> {
  const whole = new Response(form);
  const type = whole.headers.get('content-type') ?? '';
  return send(`${service.url}/transcribe`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: whole.body,
    duplex: 'half',
  });
}

/** Sends and then says nothing more; the answer is all that comes until the server closes or falls silent. */
async function overSocket(parts: (Buffer | string)[]): Promise<Pick<Reply, 'status' | 'text'>> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (bytes: Buffer) => {
    answer += bytes.toString('utf8');
  });
  for (const part of parts) socket.write(part);
  while (!answer.includes('}')) await once(socket, 'data');
  socket.destroy();
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), text: body };
}

describe('an upload that cannot be used', () => {
  const rows: [keyof typeof REFUSED, BadInput][] = Object.entries(REFUSED) as [keyof typeof REFUSED, BadInput][];

  it.each(rows)('%s: is refused as documented, and leaves nothing', async (name, { status, code }) => {
    expectError(await REQUESTS[name](), status, code ?? '');
    await leavesNothing(service, redis);
    expect((await send(`${service.url}/health/live`)).status).toBe(200);
  });

  it('is refused whether the bad field comes before the file or after it', async () => {
    const form = new FormData();
    form.append('language', 'klingon');
    form.append('file', new Blob([new Uint8Array(wav())]), 'a.wav');
    expectError(await post(form), 422, 'invalid_parameter');
    const early = new FormData();
    early.append('nonsense', '1');
    early.append('file', new Blob([new Uint8Array(wav())]), 'a.wav');
    expectError(await post(early), 400, 'unknown_field');
    await leavesNothing(service, redis);
  });

  it.each([
    ['a field', '; name=""'],
    ['a field without the parameter', ''],
    ['a file', '; name=""; filename="a.wav"'],
    ['a file without the parameter', '; filename="a.wav"'],
  ])('is refused when a part has no name: %s', async (_what, parameters) => {
    const part = `--b\r\nContent-Disposition: form-data${parameters}\r\n\r\nRIFF\r\n--b--\r\n`;
    expectError(await overSocket([HEAD, chunk(part), '0\r\n\r\n']), 400, 'unknown_field');
    await leavesNothing(service, redis);
  });

  it('names the models there are', async () => {
    expect(parseObject((await REQUESTS.model()).text)?.models).toContain('base');
  });
});

describe('an early refusal', () => {
  it.each([
    ['with Content-Length', []],
    ['without Content-Length', ['-H', 'Transfer-Encoding: chunked']],
    ['without waiting for 100 Continue', ['-H', 'Expect:']],
  ])('is seen by curl %s', async (_how, args) => {
    const file = join(service.folder, 'large.wav');
    await writeFile(file, large);
    const answer = await curl(...args, '-F', `file=@${file}`, `${service.url}/transcribe`);
    expect(answer.exitCode).toBe(0);
    expectError({ status: answer.status, text: answer.body }, 413, 'file_too_large');
    expect(answer.headers.connection).toBe('close');
  });

  it('is seen by fetch while it still sends', async () => {
    expectError(await transcribe(service.url, { bytes: large }), 413, 'file_too_large');
    const words = text('No sound at all. '.repeat(200_000).slice(0, MAX_FILE_SIZE - 100));
    expectError(await transcribe(service.url, { bytes: words, name: 'words.mp3' }), 400, 'invalid_file_format');
  });

  it('does not wait for a client that sends on and on', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    const closed = once(socket, 'close');
    socket.on('error', () => {}).resume();
    socket.write(HEAD + chunk(PART));
    const endless = setInterval(() => socket.write(chunk(Buffer.alloc(1_000, 'words '))), 20);
    const startedMs = Date.now();
    await closed;
    clearInterval(endless);
    expect(Date.now() - startedMs).toBeLessThan(4_000);
    await leavesNothing(service, redis);
  });

  it('leaves nothing of a client that hangs up in the middle', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(HEAD + chunk(PART));
    await new Promise((resolve) => socket.write(chunk(wav().subarray(0, 20_000)), resolve));
    socket.destroy();
    await leavesNothing(service, redis);
    expect((await send(`${service.url}/health/live`)).status).toBe(200);
  });
});

describe('a file name', () => {
  const names: [string, string, RegExp][] = [
    ['with a path', '../../etc/passwd.wav', /^passwd\.wav$/],
    ['with NUL', 'a\u0000b.wav', /^a b\.wav$/],
    ['of 10 kB of Unicode', `${'\u{1F399}\u00e9'.repeat(1_700)}.wav`, /^(\u{1F399}\u00e9)+.*\.wav$/u],
  ];

  it.each(names)('%s is cleaned, not refused', async (_what, name, clean) => {
    const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
    const option = '\r\n--b\r\nContent-Disposition: form-data; name="async"\r\n\r\ntrue\r\n--b--\r\n';
    const response = await fetch(`${service.url}/transcribe`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
      body: Buffer.concat([Buffer.from(head), wav(), Buffer.from(option)]),
    });
    const { status, json } = await read(response);
    expect(status).toBe(202);
    const job = await send(`${service.url}${String(json?.status_url)}`);
    const shown = String(job.json?.file_name);
    expect(shown).toMatch(clean);
    expect([...shown].length).toBeLessThanOrEqual(255);
    await send(`${service.url}/jobs/${String(json?.job_id)}`, { method: 'DELETE' });
    await leavesNothing(service, redis);
  });
});

describe('an address', () => {
  it.each([
    ['GET', '/nothing/here', 404, 'not_found'],
    ['PUT', '/transcribe', 405, 'method_not_allowed'],
    ['GET', '/status/not-an-id', 404, 'job_not_found'],
    ['GET', '/status/00000000-0000-4000-8000-000000000000', 404, 'job_not_found'],
    ['DELETE', '/jobs/00000000-0000-4000-8000-000000000000', 404, 'job_not_found'],
    ['GET', '/jobs?limit=0', 422, 'invalid_parameter'],
    ['GET', '/jobs?nonsense=1', 422, 'invalid_parameter'],
    ['GET', '/jobs/%E0%A4%A/result', 400, 'invalid_request'],
  ])('%s %s is answered %d %s', async (method, path, status, code) => {
    for (const base of ['', '/v1']) expectError(await send(service.url + base + path, { method }), status, code);
  });

  it('tells what it allows', async () => {
    const { headers } = await send(`${service.url}/jobs`, { method: 'PATCH' });
    expect(headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  it('carries the request id in and out', async () => {
    const own = await send(`${service.url}/nothing`, { headers: { 'X-Request-Id': 'my-own.id:1' } });
    expect(own.headers.get('x-request-id')).toBe('my-own.id:1');
    expect(parseObject(own.text)?.request_id).toBe('my-own.id:1');
    const odd = await send(`${service.url}/nothing`, { headers: { 'X-Request-Id': 'no good' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(odd.headers.get('x-api-version')).toBe('1');
  });
});
