import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Runs } from '@sotto/queue';
import { type BlobStore, blobKey, openBlobStore, storageEnv } from '@sotto/storage';
import { describeWith, S3Server, type Service, s3Software, startService, waitFor } from '@sotto/testkit';
import { z } from 'zod';
import { remove, statusOf } from './support/jobs.ts';
import { expectError, send } from './support/replies.ts';
import { attachInput } from './support/runs.ts';

const SIZE = 300_000;
const content = randomBytes(SIZE);
const mediaType = 'application/octet-stream';

let service: Service;
let runs: Runs;

/** Starts a service with this storage, and opens the same storage for the test. */
async function begin(env: Record<string, string>): Promise<BlobStore> {
  service = await startService({ workers: 0, env });
  runs = new Runs(service.redis.client(), { prefix: service.prefix, resultTtlSeconds: 600 });
  return openBlobStore(
    z.object({ ...storageEnv, TEMP_DIR: z.string() }).parse({ ...env, TEMP_DIR: service.blobFolder }),
  );
}

async function attached(workKey: string) {
  const requestId = randomUUID();
  const { run } = await runs.attach({ ...attachInput({ requestId, fileName: 'a.wav' }), workKey });
  return { requestId, run };
}

/** No kind of run has a file as its result yet: here a transcription does. */
async function completed(storage: BlobStore, bytes: Uint8Array, workKey: string = randomUUID()) {
  const { requestId, run } = await attached(workKey);
  const writer = await storage.createWriter('results', run.id);
  await writer.write(bytes);
  const blob = await writer.commit();
  await runs.completeWithBlob(run, { blobKey: blob.key, bytes: blob.bytes, mediaType });
  return { requestId, runId: run.id, key: blob.key };
}

const get = (requestId: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${service.url}/jobs/${requestId}/result`, { headers, method });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

/** The same for every storage. */
function blobResults(environment: () => Promise<Record<string, string>>): void {
  let storage: BlobStore;
  let job: Awaited<ReturnType<typeof completed>>;

  beforeAll(async () => {
    storage = await begin(await environment());
    job = await completed(storage, content, 'shared');
  });

  afterAll(() => service?.close());

  it('is sent as it is', async () => {
    const response = await get(job.requestId);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': mediaType,
      'content-length': String(SIZE),
      'accept-ranges': 'bytes',
      etag: `"${job.runId}"`,
      'cache-control': 'private, no-store',
    });
    expect((await bytesOf(response)).equals(content)).toBe(true);
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100000-299999', 100_000, SIZE],
    ['bytes=299999-', SIZE - 1, SIZE],
    ['bytes=-7', SIZE - 7, SIZE],
    ['bytes=10-99999999', 10, SIZE],
    ['bytes=0-9,5-19', 0, 20],
  ])('is sent in part for %s', async (range, start, end) => {
    const response = await get(job.requestId, { Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${SIZE}`);
    expect(response.headers.get('content-length')).toBe(String(end - start));
    expect((await bytesOf(response)).equals(content.subarray(start, end))).toBe(true);
  });

  it.each(['bytes=0-9,100-109', 'bytes=x', 'lines=1-2'])('is sent whole for %s', async (range) => {
    const response = await get(job.requestId, { Range: range });
    expect([response.status, response.headers.get('content-range')]).toEqual([200, null]);
    expect((await bytesOf(response)).equals(content)).toBe(true);
  });

  it('does not have bytes beyond its end', async () => {
    const reply = await send(`${service.url}/jobs/${job.requestId}/result`, { headers: { Range: `bytes=${SIZE}-` } });
    expectError(reply, 416, 'range_not_satisfiable');
    expect(reply.headers.get('content-range')).toBe(`bytes */${SIZE}`);
  });

  it('can be resumed as long as it is the same', async () => {
    const rest = { Range: 'bytes=1000-' };
    expect((await bytesOf(await get(job.requestId, { ...rest, 'If-Range': `"${job.runId}"` }))).length).toBe(
      SIZE - 1000,
    );
    const other = await get(job.requestId, { ...rest, 'If-Range': '"another"' });
    expect(other.status).toBe(200);
    expect((await bytesOf(other)).length).toBe(SIZE);
  });

  it('is only announced to HEAD', async () => {
    const response = await get(job.requestId, { Range: 'bytes=0-9' }, 'HEAD');
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(SIZE)]);
    expect((await bytesOf(response)).length).toBe(0);
  });

  it('is linked to in its status, and cannot be read as a transcript', async () => {
    const status = await statusOf(service.url, job.requestId);
    expect(status).toMatchObject({ status: 'completed', result_url: `/jobs/${job.requestId}/result` });
    expect(status.result).toBeUndefined();
    expectError(await send(`${service.url}/jobs/${job.requestId}/search?q=a`), 409, 'no_transcript');
  });

  it('is deleted with the last job that has it', async () => {
    const again = await attached('shared');
    expect(again.run.id).toBe(job.runId);
    expect((await remove(service.url, job.requestId)).status).toBe(204);
    expect((await bytesOf(await get(again.requestId))).equals(content)).toBe(true);
    expect((await remove(service.url, again.requestId)).status).toBe(204);
    expect(await storage.stat(job.key)).toBeNull();
    expectError(await send(`${service.url}/jobs/${again.requestId}/result`), 404, 'job_not_found');
  });

  it('has expired when it is gone', async () => {
    const gone = await completed(storage, content);
    await storage.delete(gone.key);
    expectError(await send(`${service.url}/jobs/${gone.requestId}/result`), 410, 'result_expired');
  });
}

describe('a result that is a file', () => {
  blobResults(async () => ({}));
});

describeWith(await s3Software(), 'a result that is an object in S3', (software) => {
  let server: S3Server;
  blobResults(async () => {
    server = await S3Server.start(software);
    return server.environment(await server.createBucket());
  });
  afterAll(() => server?.close());
});

describe('a large file', () => {
  const bytes = 512 * 1024 * 1024;
  let requestId: string;
  let path: string;

  beforeAll(async () => {
    await begin({});
    const { requestId: id, run } = await attached(randomUUID());
    requestId = id;
    const key = blobKey('results', run.id);
    path = join(service.blobFolder, key);
    await mkdir(dirname(path), { recursive: true });
    // It takes no room: a file system keeps no zeros.
    const file = await open(path, 'w');
    await file.truncate(bytes);
    await file.close();
    await runs.completeWithBlob(run, { blobKey: key, bytes, mediaType });
  });

  afterAll(() => service?.close({ leftovers: true }));

  it('is never in memory as a whole, however slowly it is read', async () => {
    const before = await peakBytes();
    const response = await get(requestId);
    const reader = response.body?.getReader();
    let read = 0;
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read())
      read += part.value.length;
    expect(read).toBe(bytes);
    expect((await peakBytes()) - before).toBeLessThan(bytes / 4);
    expect(service.apis[0]?.process.tail()).not.toContain('MaxListenersExceededWarning');
  });

  it('is closed when its reader leaves', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${service.url}/jobs/${requestId}/result`, { signal: leaving.signal });
    await response.body?.getReader().read();
    expect(await openFiles()).toContain(path);
    leaving.abort();
    await waitFor(async () => !(await openFiles()).includes(path), { what: 'the file to be closed' });
  });

  const pid = () => service.apis[0]?.process.pid;

  /** The most memory that the API has had. */
  async function peakBytes(): Promise<number> {
    const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid()}/status`, 'utf8')) ?? [];
    return Number(kib) * 1024;
  }

  async function openFiles(): Promise<string[]> {
    const names = await readdir(`/proc/${pid()}/fd`);
    return Promise.all(names.map((name) => readlink(`/proc/${pid()}/fd/${name}`).catch(() => '')));
  }
});
