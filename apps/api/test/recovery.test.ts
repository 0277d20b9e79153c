import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { wireBatchSchema } from '@sotto/contracts';
import { describeWith, filesUnder, S3Server, type Service, s3Software, startService, waitFor } from '@sotto/testkit';
import { accepted, ended, remove } from './support/jobs.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { send } from './support/replies.ts';

jest.setTimeout(180_000);

/** Seconds; longer than a restart of Redis, and shorter than a test. */
const KEEP_AFTER_END = '10';

let spoken: SpokenRecording;

beforeAll(async () => {
  spoken = await recording(61, 2);
});

const accept = ({ url }: Service, fields: Record<string, string> = {}) =>
  accepted(url, spoken.wav, { cache: 'false', ...fields });

async function acceptBatch({ url }: Service): Promise<{ id: string; items: string[] }> {
  const form = new FormData();
  for (const name of ['a.wav', 'b.wav']) form.append('file', new Blob([new Uint8Array(spoken.wav)]), name);
  form.set('cache', 'false');
  const { status, json, text } = await send(`${url}/batches`, { method: 'POST', body: form });
  if (status !== 202) throw new Error(`Not accepted: ${status} ${text}`);
  const { batch_id: id, items } = wireBatchSchema.parse(json);
  return { id, items: items.map(({ job_id: job }) => job ?? '') };
}

const batchOf = async ({ url }: Service, id: string) =>
  wireBatchSchema.parse((await send(`${url}/batches/${id}`)).json);

async function resultOf({ url }: Service, id: string): Promise<unknown> {
  const { status, result, error } = await ended(url, id);
  return { status, error, text: result?.text, segments: result?.segments };
}

const known = async ({ url }: Service, id: string) => (await send(`${url}/jobs?limit=100`)).text.includes(id);

/** While no worker does anything: shorter than the lock of a job. */
async function whileStopped<T>({ workers }: Service, work: () => Promise<T>): Promise<T> {
  const worker = workers[0]?.process;
  worker?.signal('SIGSTOP');
  try {
    return await work();
  } finally {
    worker?.signal('SIGCONT');
  }
}

describe('a Redis that has lost what it had accepted', () => {
  let service: Service;
  let undisturbed: unknown;

  beforeAll(async () => {
    // An upload whose cancelled job is lost as well is a leftover.
    service = await startService({ env: { KEEP_AFTER_END, CLEANUP_INTERVAL: '60' } });
    undisturbed = await resultOf(service, await accept(service));
  });

  afterAll(async () => {
    // What had ended within those seconds is done once more: nobody can tell that it had.
    await age();
    await service?.close({ timeoutMs: 120_000 });
  });

  const kindOf = async (kind: string) => (await filesUnder(service.blobFolder)).filter((file) => file.startsWith(kind));

  /** As if all that is in storage had been written two minutes ago. */
  async function age(): Promise<void> {
    const past = new Date(Date.now() - 120_000);
    for (const file of await filesUnder(service.blobFolder)) await utimes(join(service.blobFolder, file), past, past);
  }

  it('gets all of it back, under the same ids, but nothing that had been cancelled or deleted', async () => {
    const deleted = await accept(service);
    await resultOf(service, deleted);
    expect((await remove(service.url, deleted)).status).toBe(204);
    const { ids, cancelled, batch } = await whileStopped(service, async () => {
      const [first, second, third] = await Promise.all([
        accept(service),
        accept(service, { cache: 'true' }),
        accept(service),
      ]);
      const all = { ids: [first, second], cancelled: third, batch: await acceptBatch(service) };
      expect((await remove(service.url, third)).status).toBe(200);
      await service.redis.client().flushall();
      await age();
      expect(await known(service, first)).toBe(false);
      return all;
    });
    const all = [...ids, ...batch.items];
    await waitFor(async () => (await Promise.all(all.map((id) => known(service, id)))).every(Boolean), {
      what: 'the jobs to be listed again',
      timeoutMs: 60_000,
    });
    for (const id of all) expect(await resultOf(service, id)).toEqual(undisturbed);
    await waitFor(async () => (await batchOf(service, batch.id)).status === 'completed', { what: 'the batch to end' });
    expect((await batchOf(service, batch.id)).counts).toMatchObject({ total: 2, completed: 2 });
    for (const id of [deleted, cancelled]) expect((await send(`${service.url}/status/${id}`)).status).toBe(404);
    const metrics = (await send(`${service.url}/metrics`)).text;
    expect(Number(/^sotto_restored_jobs_total(?:\{.*\})? (\d+)/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(
      all.length,
    );
  });

  it('gets back at once what a client asks for', async () => {
    const { id, batch } = await whileStopped(service, async () => {
      const all = { id: await accept(service), batch: await acceptBatch(service) };
      await service.redis.client().flushall();
      return all;
    });
    expect((await send(`${service.url}/status/${id}`)).status).toBe(200);
    expect(await batchOf(service, batch.id)).toMatchObject({ status: 'processing', counts: { total: 2 } });
    for (const job of [id, ...batch.items]) expect(await resultOf(service, job)).toEqual(undisturbed);
  });

  it('has lost only its last seconds: a request is accepted again, and what had ended is done again', async () => {
    const { first, copy } = await whileStopped(service, async () => {
      const id = await accept(service);
      await service.redis.keepOnDisk();
      return { first: id, copy: await service.redis.copyDisk() };
    });
    expect(await resultOf(service, first)).toEqual(undisturbed);
    expect(await kindOf('uploads')).not.toEqual([]);
    const later = await whileStopped(service, async () => {
      const id = await accept(service);
      await service.redis.restartFrom(copy);
      return id;
    });
    expect(await resultOf(service, first)).toEqual(undisturbed);
    expect(await resultOf(service, later)).toEqual(undisturbed);
  });

  it('cannot get back what its client deletes after it was lost', async () => {
    const id = await whileStopped(service, async () => {
      const lost = await accept(service);
      await service.redis.client().flushall();
      expect((await remove(service.url, lost)).status).toBe(200);
      await service.redis.client().flushall();
      return lost;
    });
    expect((await send(`${service.url}/status/${id}`)).status).toBe(404);
  });
});

describeWith(await s3Software(), 'with recordings in S3', (software) => {
  let server: S3Server;
  let bucket: string;
  let service: Service;

  beforeAll(async () => {
    server = await S3Server.start(software);
    bucket = await server.createBucket();
    service = await startService({ env: { ...server.environment(bucket), S3_PREFIX: 'sotto' } });
  });

  afterAll(async () => {
    await service?.close();
    await server?.close();
  });

  const isEmpty = () =>
    waitFor(async () => (await server.contentOf(bucket)).length === 0, { what: 'the bucket to be empty' });

  it('gets it back from there', async () => {
    const undisturbed = await resultOf(service, await accept(service));
    await isEmpty();
    const { id, batch } = await whileStopped(service, async () => {
      const all = { id: await accept(service), batch: await acceptBatch(service) };
      expect((await server.contentOf(bucket)).filter((key) => key.startsWith('sotto/manifests/'))).toHaveLength(4);
      await service.redis.client().flushall();
      return all;
    });
    expect((await send(`${service.url}/batches/${batch.id}`)).status).toBe(200);
    for (const job of [id, ...batch.items]) expect(await resultOf(service, job)).toEqual(undisturbed);
    await isEmpty();
  });
});
