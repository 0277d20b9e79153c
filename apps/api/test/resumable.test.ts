import { createHash, randomBytes } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Sweeper } from '@sotto/queue';
import { filesUnder, freePort, type Service, startService, waitFor } from '@sotto/testkit';
import * as tus from 'tus-js-client';
import { leavesNothing } from './support/fleet.ts';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply, send } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

const KEYS = { ENABLE_API_KEY: 'true', API_KEY: 'the-first-key', ADMIN_API_KEY: 'the-admin-key' };
const FIRST = { 'X-API-Key': KEYS.API_KEY };
const OTHER = { 'X-API-Key': KEYS.ADMIN_API_KEY };
const MAX_FILE_BYTES = 30_000_000;

let service: Service;
let otherUrl: string;

beforeAll(async () => {
  service = await startService({
    apiEnv: { ...KEYS, MAX_FILE_SIZE: String(MAX_FILE_BYTES), UPLOAD_IDLE_TIMEOUT: '2' },
  });
  otherUrl = (await service.addApi()).url;
});

afterEach(async () => {
  await leavesNothing(service, service.redis.client());
});

afterAll(async () => {
  await service?.close();
});

interface Sent {
  id: string;
  url: string;
}

/** An upload through the official client, to its end. */
function upload(bytes: Buffer, options: Partial<tus.UploadOptions> = {}): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const one: tus.Upload = new tus.Upload(bytes, {
      endpoint: `${service.url}/uploads`,
      headers: FIRST,
      metadata: { filename: 'tälk.wav', filetype: 'audio/wav' },
      retryDelays: [50, 100, 200, 400, 800, 1600, 3200],
      ...options,
      onError: reject,
      onSuccess: () => resolve({ id: String(one.url).split('/').pop() ?? '', url: String(one.url) }),
    });
    one.start();
  });
}

const asTus = (method: string, headers: Record<string, string> = {}, body?: Uint8Array) => ({
  method,
  headers: { 'Tus-Resumable': '1.0.0', ...FIRST, ...headers },
  ...(body && { body }),
});

async function create(length: number, headers: Record<string, string> = {}): Promise<string> {
  const reply = await send(`${service.url}/uploads`, asTus('POST', { 'Upload-Length': String(length), ...headers }));
  expect(reply.status).toBe(201);
  return new URL(reply.headers.get('location') ?? '', service.url).pathname;
}

const patch = (url: string, offset: number, bytes: Uint8Array): Promise<Reply> =>
  send(
    url,
    asTus('PATCH', { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }, bytes),
  );

async function offsetOf(url: string): Promise<number> {
  return Number((await send(url, asTus('HEAD'))).headers.get('upload-offset'));
}

const remove = (path: string) => send(`${service.url}${path}`, asTus('DELETE'));

const use = (id: string, fields: Record<string, string> = {}, headers: Record<string, string> = FIRST) =>
  send(`${service.url}/transcribe`, { method: 'POST', body: formOf(null, { upload_id: id, ...fields }), headers });

async function temporaryBytes(): Promise<number> {
  const files = (await filesUnder(service.blobFolder)).filter((file) => file.startsWith('temporary'));
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(service.blobFolder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A recording too long to be sent at a glance. */
const LARGE = Buffer.from(wav(600_000));

describe('a resumable upload', () => {
  it('becomes a job by its id, under its own name, once', async () => {
    const { bytes, text } = await phrase(95);
    const { id } = await upload(Buffer.from(bytes), { chunkSize: 20_000 });
    const reply = await use(id);
    expect(reply.status).toBe(200);
    expectHeard(String(reply.json?.text), text);
    const jobId = String(reply.headers.get('x-job-id'));
    const job = await send(`${service.url}/jobs/${jobId}`, { headers: FIRST });
    expect(job.json).toMatchObject({ file_name: 'tälk.wav' });
    expectError(await use(id), 409, 'upload_used');
    expect((await use(id)).json).toMatchObject({ job_id: jobId });
    const direct = await send(`${service.url}/transcribe`, { method: 'POST', body: formOf({ bytes }), headers: FIRST });
    expect(direct.json?.text).toBe(reply.json?.text);
  });

  it('goes on over two processes after each was cut off, with every byte in its place', async () => {
    const path = await create(LARGE.length);
    const urls = [service.url, otherUrl];
    let offset = 0;
    for (let i = 0; offset < LARGE.length; i += 1) {
      const end = Math.min(LARGE.length, offset + 5_000_000);
      expect((await patch(`${urls[i % 2]}${path}`, offset, LARGE.subarray(offset, end))).status).toBe(204);
      offset = await offsetOf(`${urls[(i + 1) % 2]}${path}`);
      expect(offset).toBe(end);
    }
    const reply = await use(path.split('/').pop() ?? '', { async: 'true' });
    expect(reply.status).toBe(202);
    const job = String(reply.json?.job_id);
    const run = await service.redis.client().hget(`${service.prefix}:request:${job}`, 'runId');
    const stored = JSON.parse(String(await service.redis.client().hget(`${service.prefix}:run:${run}`, 'upload')));
    expect(stored).toMatchObject({ bytes: LARGE.length, sha256: createHash('sha256').update(LARGE).digest('hex') });
    await send(`${service.url}/jobs/${job}`, { method: 'DELETE', headers: FIRST });
  });

  it('survives SIGKILL of the process it goes through', async () => {
    const api = await service.addApi({ PORT: String(await freePort()) });
    const port = new URL(api.url).port;
    let isKilled = false;
    const sent = await upload(Buffer.from(LARGE), {
      endpoint: `${api.url}/uploads`,
      chunkSize: 4_000_000,
      retryDelays: Array.from({ length: 60 }, () => 500),
      onProgress: (bytes) => {
        if (isKilled || bytes < 9_000_000) return;
        isKilled = true;
        void api.process.kill9().then(() => service.addApi({ PORT: port }));
      },
    });
    expect(isKilled).toBe(true);
    const reply = await use(sent.id, { async: 'true' });
    expect(reply.status).toBe(202);
    await send(`${service.url}/jobs/${reply.json?.job_id}`, { method: 'DELETE', headers: FIRST });
  });

  it('goes on where it stood once Redis answers again', async () => {
    let firstUrl = '';
    let isFrozen = false;
    const asked: number[] = [];
    const sent = await upload(Buffer.from(LARGE), {
      chunkSize: 4_000_000,
      retryDelays: Array.from({ length: 60 }, () => 500),
      onProgress: (bytes) => {
        if (isFrozen || bytes < 9_000_000) return;
        isFrozen = true;
        service.redis.freeze();
      },
      onAfterResponse: (request, response) => {
        if (request.getMethod() === 'POST') firstUrl ||= String(response.getHeader('location'));
        if (request.getMethod() !== 'HEAD') return;
        asked.push(response.getStatus());
        if (response.getStatus() !== 200) service.redis.thaw();
      },
    });
    expect(asked[0]).toBe(423);
    expect(asked.at(-1)).toBe(200);
    expect(sent.url).toBe(new URL(firstUrl, service.url).href);
    await remove(new URL(sent.url).pathname);
  });

  it('keeps what came before a connection broke', async () => {
    const path = await create(LARGE.length);
    const controller = new AbortController();
    const half = LARGE.subarray(0, 3_000_000);
    const stream = new ReadableStream({
      start: (sink) => sink.enqueue(half),
    });
    const sending = fetch(`${service.url}${path}`, {
      ...asTus('PATCH', { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }),
      body: stream,
      duplex: 'half',
      signal: controller.signal,
    } as RequestInit).catch(() => {});
    // The last ones may still be gathered in memory: they count too, once the connection is gone.
    await waitFor(async () => (await temporaryBytes()) >= 2_500_000, { what: 'the bytes to arrive' });
    controller.abort();
    await sending;
    await waitFor(async () => (await offsetOf(`${otherUrl}${path}`)) >= 2_500_000, { what: 'them to count' });
    expect(await offsetOf(`${otherUrl}${path}`)).toBeLessThanOrEqual(half.length);
    expect((await remove(path)).status).toBe(204);
    expectError(await send(`${service.url}${path}`, asTus('DELETE')), 404, 'upload_not_found');
  });

  it('may be begun without knowing its length', async () => {
    const { bytes } = await phrase(96);
    const { id } = await upload(Buffer.from(bytes), { uploadLengthDeferred: true, chunkSize: 30_000 });
    expect((await use(id)).status).toBe(200);
  });
});

describe('a resumable upload is refused', () => {
  it('when it is too large, empty, or no recording by its name, type or first bytes', async () => {
    const begin = (headers: Record<string, string>) => send(`${service.url}/uploads`, asTus('POST', headers));
    expectError(await begin({ 'Upload-Length': String(MAX_FILE_BYTES + 1) }), 413, 'file_too_large');
    expectError(await begin({ 'Upload-Length': '0' }), 400, 'empty_file');
    const meta = (name: string, value: string) => ({ 'Upload-Metadata': `${name} ${btoa(value)}` });
    const of = { 'Upload-Length': '9' };
    expectError(await begin({ ...of, ...meta('filename', 'a.exe') }), 400, 'invalid_file_format');
    expectError(await begin({ ...of, ...meta('filetype', 'image/png') }), 400, 'invalid_file_format');

    const path = await create(1_000_000);
    expectError(await patch(`${service.url}${path}`, 0, randomBytes(9_000)), 400, 'invalid_file_format');
    expectError(
      await send(
        `${service.url}${path}`,
        asTus('PATCH', { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }),
      ),
      404,
      'upload_not_found',
    );
    const small = await create(20);
    expectError(
      await patch(`${service.url}${small}`, 0, Buffer.from('<html>Not here</html')),
      400,
      'invalid_file_format',
    );
  });

  it('when more comes than was announced', async () => {
    const path = await create(50);
    expectError(await patch(`${service.url}${path}`, 0, wav(1_000)), 413, 'file_too_large');
    await remove(path);
    const deferred = await send(`${service.url}/uploads`, asTus('POST', { 'Upload-Defer-Length': '1' }));
    const url = new URL(deferred.headers.get('location') ?? '', service.url);
    const tooMuch = Buffer.concat([LARGE, LARGE]);
    expectError(await patch(url.href, 0, tooMuch), 413, 'file_too_large');
    await remove(url.pathname);
  });

  it('when it is not spoken as tus 1.0, or bytes are not where it stands', async () => {
    const path = await create(50_000);
    const url = `${service.url}${path}`;
    expectError(await send(`${service.url}/uploads`, { method: 'POST', headers: FIRST }), 412, 'tus_version');
    expectError(await patch(url, 10, wav(100)), 409, 'upload_conflict');
    expectError(await use(path.split('/').pop() ?? ''), 409, 'upload_not_finished');
    expectError(await use('nonsense'), 404, 'upload_not_found');
    await remove(path);
  });

  it('when it stands still', async () => {
    const path = await create(50_000);
    const body = new ReadableStream({ start: (sink) => sink.enqueue(wav(500)) });
    const response = await fetch(`${service.url}${path}`, {
      ...asTus('PATCH', { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }),
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(408);
    expect(await offsetOf(`${service.url}${path}`)).toBe(wav(500).length);
    await remove(path);
  });

  it('to another key: looking, sending, removing and using', async () => {
    const path = await create(50_000);
    const url = `${service.url}${path}`;
    const theirs = (method: string) => send(url, asTus(method, OTHER));
    expect((await theirs('HEAD')).status).toBe(404);
    expectError(await theirs('DELETE'), 404, 'upload_not_found');
    expectError(await theirs('PATCH'), 404, 'upload_not_found');
    expectError(await use(path.split('/').pop() ?? '', {}, OTHER), 404, 'upload_not_found');
    expectError(await send(url, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } }), 401, 'unauthorized');
    expect(await offsetOf(url)).toBe(0);
    await remove(path);
  });
});

describe('an upload that two connections go on with', () => {
  it('takes the bytes of one of them', async () => {
    const path = await create(LARGE.length);
    const piece = LARGE.subarray(0, 2_000_000);
    const replies = await Promise.all([service.url, otherUrl].map((url) => patch(`${url}${path}`, 0, piece)));
    expect(replies.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(await offsetOf(`${service.url}${path}`)).toBe(piece.length);
    await remove(path);
  });
});

describe('forgotten uploads', () => {
  it('say when, and leave pieces that count as left over', async () => {
    const path = await create(LARGE.length);
    const reply = await patch(`${service.url}${path}`, 0, LARGE.subarray(0, 100_000));
    const expires = Date.parse(reply.headers.get('upload-expires') ?? '');
    expect(expires).toBeGreaterThan(Date.now() + 86_000_000);
    const redis = service.redis.client();
    const id = path.split('/').pop() ?? '';
    for (const key of await redis.keys(`${service.prefix}:upload*`)) expect(await redis.pttl(key)).toBeGreaterThan(0);
    const sweeper = new Sweeper(redis, { prefix: service.prefix, resultTtlSeconds: 60 });
    const [blob] = await filesUnder(service.blobFolder);
    expect([...(await sweeper.sweep()).blobKeysInUse]).toEqual([blob]);
    await redis.pexpire(`${service.prefix}:upload:${id}`, 1);
    await redis.zadd(`${service.prefix}:uploads`, 1, id);
    await waitFor(async () => (await send(`${service.url}${path}`, asTus('HEAD'))).status === 404, { what: 'its end' });
    expect([...(await sweeper.sweep()).blobKeysInUse]).toEqual([]);
    await sweeper.close();
    await rm(join(service.blobFolder, String(blob)));
  });
});
