import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, statfs } from 'node:fs/promises';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { filesUnder, type Service, startService, temporaryFolder, waitFor } from '@sotto/testkit';
import { WebSocket } from 'ws';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply, read, send } from './support/replies.ts';

const ADMIN = 'the admin key';
const RECORDING = wav(300);
const MB = 1024 * 1024;
let service: Service;

beforeAll(async () => {
  service = await startService({
    workers: 0,
    apiEnv: {
      ENABLE_API_KEY: 'true',
      ADMIN_API_KEY: ADMIN,
      ENABLE_RATE_LIMIT: 'true',
      RATE_LIMIT_PER_MINUTE: '1000',
      MAX_QUEUE_LENGTH: '8',
      KEY_QUEUE_SHARE: '25',
      MAX_OPEN_UPLOADS: '2',
      READS_PER_MINUTE: '20',
      MAX_STREAMS: '3',
      MAX_STREAMS_PER_KEY: '2',
      WRONG_KEYS_PER_MINUTE: '15',
      TRUST_PROXY: '1',
    },
  });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

async function make(form: object = {}, url = service.url): Promise<string> {
  const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'a test', ...form });
  const { json } = await send(`${url}/admin/keys`, { method: 'POST', headers, body });
  return String(json?.key);
}

let hertz = 300;
const another = (ms: number) => wav(ms, ++hertz);

function post(key: string, fields: Record<string, string> = {}): Promise<Reply> {
  return postTo(service.url, key, fields.upload_id === undefined ? another(300) : null, fields);
}

function postTo(url: string, key: string, bytes: Uint8Array | null, fields: object = {}): Promise<Reply> {
  const body = formOf(bytes === null ? null : { bytes }, { async: 'true', ...fields });
  return send(`${url}/transcribe`, { method: 'POST', body, headers: { 'X-API-Key': key } });
}

const asTus = (key: string, method: string, headers: Record<string, string>, body?: Uint8Array, url = service.url) =>
  send(url, {
    method,
    headers: { 'X-API-Key': key, 'Tus-Resumable': '1.0.0', ...headers },
    ...(body && { body: new Uint8Array(body) }),
  });

const open = (key: string, bytes = RECORDING.length) =>
  asTus(key, 'POST', { 'Upload-Length': String(bytes) }, undefined, `${service.url}/uploads`);

const append = (key: string, path: string, body: Uint8Array) =>
  asTus(
    key,
    'PATCH',
    { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
    body,
    service.url + path,
  );

const locationOf = (reply: Reply) => String(reply.headers.get('location'));

/** With a queue of its own, which the other tests do not fill. */
const apiOfItsOwn = (env: Record<string, string>) =>
  service.addApi({ QUEUE_PREFIX: `of-its-own-${randomUUID()}`, MAX_QUEUE_LENGTH: '1000', ...env });

/** A share that one recording of so long fits into but not two, and a limit that three fit into. */
async function expectShare(url: string, limit: object, ms: number, told: object): Promise<void> {
  const [key, other, limited] = [await make({}, url), await make({}, url), await make(limit, url)];
  const take = (who: string) => postTo(url, who, another(ms));
  expect((await take(key)).status).toBe(202);
  const refused = await take(key);
  expectError(refused, 429, 'key_full');
  expect(refused.json).toMatchObject(told);
  expect((await take(other)).status).toBe(202);
  for (let i = 0; i < 3; i += 1) expect((await take(limited)).status).toBe(202);
  expectError(await take(limited), 429, 'key_full');
  // The owner's own keys have no share.
  for (let i = 0; i < 2; i += 1) expect((await take(ADMIN)).status).toBe(202);
}

describe('one key', () => {
  it('may take its share of the queue, or what its own limit says, and leaves the rest to others', async () => {
    const [key, other, big] = [await make(), await make(), await make({ concurrent_jobs: 3 })];
    for (let i = 0; i < 2; i += 1) expect((await post(key)).status).toBe(202);
    const refused = await post(key);
    expectError(refused, 429, 'key_full');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post(other)).status).toBe(202);
    for (let i = 0; i < 3; i += 1) expect((await post(big)).status).toBe(202);
    expectError(await post(big), 429, 'key_full');
  });

  it('may take its share of the queued hours, or what its own limit says, and leaves the rest to others', async () => {
    // 5.4 s for each key. By its size, a WAV file of 20 s at 16 kHz is taken for 3.6 s of a CD.
    const api = await apiOfItsOwn({ MAX_QUEUED_HOURS: '0.15', KEY_HOURS_SHARE: '1' });
    try {
      await expectShare(api.url, { queued_minutes: 0.2 }, 20_000, { unfinished_jobs: 1, unfinished_minutes: 1 });
    } finally {
      await api.process.stop();
    }
  });

  it('may take its share of the disk, or what its own limit says, and leaves the rest to others', async () => {
    const disk = await smallDisk(64);
    if (disk === null) return;
    // 655 kB for each key.
    const api = await apiOfItsOwn({ TEMP_DIR: disk.folder, KEY_DISK_SHARE: '1', MIN_FREE_DISK: String(MB) });
    try {
      const bytes = wav(12_000).length;
      const told = { held_bytes: bytes, limit_bytes: Math.floor(0.64 * MB) };
      await expectShare(api.url, { held_bytes: 3 * bytes }, 12_000, told);
    } finally {
      await api.process.stop();
      await disk.unmount();
    }
  });

  it('may have so many open uploads; one that is deleted makes room', async () => {
    const [key, big] = [await make(), await make({ open_uploads: 3 })];
    const first = await open(key);
    expect([first.status, (await open(key)).status]).toEqual([201, 201]);
    const refused = await open(key);
    expectError(refused, 429, 'key_full');
    expect(refused.json).toMatchObject({ open_uploads: 2, limit_uploads: 2 });
    expect((await asTus(key, 'DELETE', {}, undefined, service.url + locationOf(first))).status).toBe(204);
    expect((await open(key)).status).toBe(201);
    for (let i = 0; i < 3; i += 1) expect((await open(big)).status).toBe(201);
  });

  it('may keep so many bytes; what it sends beyond them is not kept', async () => {
    const key = await make({ held_bytes: 1.5 * RECORDING.length });
    const before = await filesUnder(service.blobFolder);
    const [first, second] = [locationOf(await open(key)), locationOf(await open(key))];
    expect((await append(key, first, RECORDING)).status).toBe(204);
    const refused = await append(key, second, RECORDING);
    expectError(refused, 429, 'key_full');
    expect(refused.json).toMatchObject({ held_bytes: RECORDING.length, limit_bytes: 1.5 * RECORDING.length });
    const { headers } = await asTus(key, 'HEAD', {}, undefined, service.url + second);
    expect(headers.get('upload-offset')).toBe('0');
    expect(await filesUnder(service.blobFolder)).toHaveLength(before.length + 1);
    expectError(await post(key), 429, 'key_full');
    // It becomes a job: its bytes are not counted twice, and go on being the key's.
    expect((await post(key, { upload_id: first.split('/').pop() ?? '' })).status).toBe(202);
    expectError(await append(key, second, RECORDING), 429, 'key_full');
  });
});

/** A file system of its own; null where the test may not mount one. */
async function smallDisk(sizeMb: number): Promise<{ folder: string; unmount(): Promise<void> } | null> {
  const folder = await temporaryFolder('disk');
  const run = promisify(execFile);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder]);
  } catch {
    await rm(folder, { recursive: true });
    return null;
  }
  const unmount = async () => {
    await run('umount', [folder]);
    await rm(folder, { recursive: true });
  };
  return { folder, unmount };
}

/** A form with a recording of so many bytes, in chunks: nobody says its length. */
async function* endlessForm(bytes: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from('--B\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n');
  yield RECORDING;
  for (let sent = 0; sent < bytes; sent += MB / 4) yield new Uint8Array(MB / 4);
  yield Buffer.from('\r\n--B--\r\n');
}

describe('a body that does not say its length', () => {
  it('is stopped before it fills the disk, and leaves nothing', async () => {
    const disk = await smallDisk(96);
    if (disk === null) return;
    const api = await service.addApi({ TEMP_DIR: disk.folder, MIN_FREE_DISK: String(32 * MB) });
    try {
      let leastFree = Number.POSITIVE_INFINITY;
      const watch = setInterval(() => {
        void statfs(disk.folder).then(({ bavail, bsize }) => {
          leastFree = Math.min(leastFree, bavail * bsize);
        });
      }, 5);
      const reply = await send(`${api.url}/transcribe`, {
        method: 'POST',
        headers: { 'X-API-Key': ADMIN, 'Content-Type': 'multipart/form-data; boundary=B' },
        body: endlessForm(200 * MB) as unknown as ReadableStream,
        duplex: 'half',
      });
      clearInterval(watch);
      expectError(reply, 503, 'disk_full');
      expect(leastFree).toBeGreaterThanOrEqual(16 * MB);
      expect(await filesUnder(disk.folder)).toEqual([]);
    } finally {
      await api.process.stop();
      await disk.unmount();
    }
  });
});

describe('somebody who tries keys', () => {
  const verify = (key: string, address: string) =>
    send(`${service.url}/auth/verify`, { headers: { 'X-API-Key': key, 'X-Forwarded-For': address } });

  it('is slowed down with its network, but not keys that were used before; the audit log counts them', async () => {
    const [known, fresh] = [await make(), await make()];
    expect((await verify(known, '203.0.113.1')).status).toBe(200);
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1) statuses.push((await verify(`guess ${i}`, `203.0.113.${i}`)).status);
    expect(statuses).toEqual([...Array(15).fill(403), ...Array(25).fill(429)]);
    const refused = await verify(fresh, '203.0.113.99');
    expectError(refused, 429, 'rate_limit_exceeded');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await verify(known, '203.0.113.99')).status).toBe(200);
    expect((await verify(fresh, '203.0.114.99')).status).toBe(200);
    const page = await waitFor(
      async () => {
        const { json } = await send(`${service.url}/admin/audit?action=login.refused`, {
          headers: { 'X-API-Key': ADMIN },
        });
        const entries = (json?.entries ?? []) as { address: string }[];
        return entries.filter(({ address }) => address.startsWith('203.0.113.')).length > 0 ? entries : null;
      },
      { what: 'the audit log to have them' },
    );
    expect(page.length).toBeLessThanOrEqual(10);
  });
});

describe('/metrics', () => {
  it('needs the scope of an operator, or one of its own', async () => {
    const scraped = async (key?: string) =>
      (await send(`${service.url}/metrics`, key === undefined ? {} : { headers: { 'X-API-Key': key } })).status;
    const metricsKey = await make({ scopes: ['metrics'] });
    expect(await scraped()).toBe(401);
    expect(await scraped(await make())).toBe(403);
    expect(await scraped(metricsKey)).toBe(200);
    expect(await scraped(ADMIN)).toBe(200);
    expect((await send(`${service.url}/jobs`, { headers: { 'X-API-Key': metricsKey } })).status).toBe(403);
  });
});

/** What a browser sends to an address of ours for a page of that host. */
function getAs(host: string, url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('a page whose name was made to point here', () => {
  it('reads nothing while keys are off, on any path; the names of the service work', async () => {
    const api = await service.addApi({ ENABLE_API_KEY: 'false', PUBLIC_NAMES: 'sotto.example.org' });
    try {
      for (const path of ['/jobs', '/v1/jobs', '/', '/metrics', '/health', '/admin/queues', '/openapi.json']) {
        expectError(await getAs('rebound.example', api.url + path), 403, 'host_not_allowed');
      }
      for (const host of [new URL(api.url).host, 'localhost', 'sotto.example.org', 'nas']) {
        expect((await getAs(host, `${api.url}/jobs`)).status).toBe(200);
      }
      expect((await getAs('rebound.example', `${service.url}/jobs`)).status).toBe(401);
    } finally {
      await api.process.stop();
    }
  });
});

describe('readers', () => {
  it('have a budget for lists, results and search, each key its own', async () => {
    const [key, other] = [await make(), await make()];
    const list = (who: string, path = '/jobs') => send(service.url + path, { headers: { 'X-API-Key': who } });
    const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await list(key)).status));
    expect(statuses.filter((status) => status === 200).length).toBeLessThan(30);
    const refused = await list(key, `/jobs/${randomUUID()}/search?q=a`);
    expectError(refused, 429, 'rate_limit_exceeded');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await list(other)).status).toBe(200);
    expect((await list(key, '/auth/verify')).status).toBe(200);
  });

  it('may have so many streams open, each key and all together, over SSE and WebSocket', async () => {
    const [key, other] = [await make({ concurrent_jobs: 10 }), await make()];
    const jobOf = async (who: string) => String((await post(who)).json?.job_id);
    const [own, others] = [await jobOf(key), await jobOf(other)];
    const leaving = new AbortController();
    const follow = (who: string, id: string) =>
      fetch(`${service.url}/jobs/${id}/events`, { headers: { 'X-API-Key': who }, signal: leaving.signal });
    const socket = new WebSocket(`${service.url.replace('http', 'ws')}/jobs/${own}/events?api_key=${key}`);
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
    expect((await follow(key, own)).status).toBe(200);
    const refused = await read(await follow(key, own));
    expectError(refused, 429, 'too_many_streams');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await follow(other, others)).status).toBe(200);
    expectError(await read(await follow(other, others)), 503, 'streams_full');
    socket.close();
    leaving.abort();
    const again = new AbortController();
    await waitFor(
      async () => {
        const { status } = await fetch(`${service.url}/jobs/${own}/events`, {
          headers: { 'X-API-Key': key },
          signal: again.signal,
        });
        return status === 200 ? true : null;
      },
      { what: 'room for a stream' },
    );
    again.abort();
  });
});
