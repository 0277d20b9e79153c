import { copyFile, open, readdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  dumpRedis,
  filesUnder,
  type RedisServer,
  type Service,
  type ServicePlace,
  speak,
  startRedis,
  startService,
  waitFor,
} from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { type Finished, run } from './run.ts';

const PREFIX = 'tbackup';
const PASSWORD = 'hunter2 /@';
const SAID = ['hello world one two three', 'four five six seven eight'];

interface Job {
  status: string;
  result?: { text: string };
}

let home: Home;
let service: Service;
let empty: RedisServer;
let folder = '';
let file = '';
let done = '';
let waiting = '';

/** What makes `sotto` work with the data of a service elsewhere. */
const at = ({ redis, blobFolder }: ServicePlace): Record<string, string> => ({
  REDIS_URL: redis.url,
  TEMP_DIR: blobFolder,
  QUEUE_PREFIX: PREFIX,
});
const backup = (place: ServicePlace, env: Record<string, string> = {}) =>
  run(home, ['backup', folder], { ...at(place), ...env });
const restore = (place: ServicePlace, path: string, ...options: string[]) =>
  run(home, ['restore', path, ...options], at(place));

async function submit(text: string): Promise<string> {
  const { path } = await speak(text, { voice: 'en-us', speed: 130, path: join(home.folder, 'said.wav') });
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await readFile(path))]), 'said.wav');
  form.append('async', 'true');
  const answer = await fetch(`${service.url}/transcribe`, { method: 'POST', body: form });
  return ((await answer.json()) as { job_id: string }).job_id;
}

const jobOf = async (url: string, id: string): Promise<Job> =>
  (await (await fetch(`${url}/status/${id}`)).json()) as Job;
const ended = (url: string, id: string): Promise<Job> =>
  waitFor(
    async () => {
      const job = await jobOf(url, id);
      return job.status === 'processing' ? null : job;
    },
    { what: `job ${id} to end`, timeoutMs: 60_000 },
  );

/** Of what outlives its process: the rest expires within seconds. */
const lasting = async (redis: RedisServer) =>
  (await dumpRedis(redis.client(), PREFIX)).filter(({ ttlMs = 1e9 }) => ttlMs > 120_000);

beforeAll(async () => {
  home = await makeHome();
  folder = join(home.folder, 'backups');
  [service, empty] = await Promise.all([startService({ prefix: PREFIX }), startRedis()]);
  done = await submit(SAID[0] ?? '');
  await ended(service.url, done);
  await fetch(`${service.url}/admin/keys`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'of the backup' }),
  });
});
afterAll(async () => {
  await service?.close({ leftovers: true });
  await empty?.close();
  await home?.remove();
});

describe('sotto backup', () => {
  it('writes one file, only its owner can read it, while the service runs', async () => {
    const finished = await backup(service);
    expect(finished).toMatchObject({ code: 0, stderr: expect.stringMatching(/^\d+ keys and \d+ blobs, /m) });
    const path = finished.stdout.trim();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toHaveLength(1);
    expect(await run(home, ['restore', '--check', path])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('written by Sotto'),
    });
  });

  it('takes what waits too, from a Redis with a password', async () => {
    await Promise.all(service.workers.map(({ process }) => process.stop()));
    waiting = await submit(SAID[1] ?? '');
    const admin = service.redis.client();
    await admin.config('SET', 'requirepass', PASSWORD);
    try {
      const finished = await backup(service, { REDIS_PASSWORD: PASSWORD });
      expect(finished).toMatchObject({ code: 0, stderr: expect.stringContaining('and 2 blobs') });
      file = finished.stdout.trim();
    } finally {
      await admin.config('SET', 'requirepass', '');
    }
    // The other server has no replica any more, and was not one itself.
    expect(await admin.info('replication')).toMatch(/role:master\r\nconnected_slaves:0/);
  });

  it('again and again, keeping the newest', async () => {
    const child = await home.sotto(['backup', join(home.folder, 'often'), '--every', '1s', '--keep', '2'], at(service));
    await waitFor(() => child.stdout.trim().split('\n').length >= 4, { what: 'four backups', timeoutMs: 60_000 });
    child.signal('SIGINT');
    await child.ended;
    const paths = child.stdout.trim().split('\n');
    const left = (await readdir(join(home.folder, 'often'))).filter((name) => name.endsWith('.backup'));
    expect(left.length).toBeLessThanOrEqual(3);
    expect(paths.at(-1)).toContain(left.sort().at(-1));
  });

  it('says what is wrong when there is nothing to copy', async () => {
    const nowhere = { ...at(service), REDIS_URL: 'redis://127.0.0.1:1/0' };
    expect(await run(home, ['backup', folder, '--every', '5'], nowhere)).toMatchObject({ code: 2 });
    expect((await readdir(folder)).filter((name) => !name.endsWith('.backup'))).toEqual([]);
  });
});

describe('sotto restore', () => {
  const target = (): ServicePlace => ({ redis: empty, blobFolder: join(home.folder, 'restored') });

  it.each<[string, (path: string) => Promise<void>]>([
    ['cut off', async (path) => truncate(path, (await stat(path)).size - 3)],
    [
      'changed in one bit',
      async (path) => {
        const handle = await open(path, 'r+');
        const middle = Math.floor((await handle.stat()).size / 2);
        const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, middle);
        await handle.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, middle);
        await handle.close();
      },
    ],
  ])('refuses a backup that is %s, and touches nothing', async (_how, damage) => {
    const copy = join(home.folder, 'damaged');
    await copyFile(file, copy);
    await damage(copy);
    expect(await restore(target(), copy)).toMatchObject({ code: 1, stderr: expect.stringContaining('damaged') });
    expect(await empty.client().dbsize()).toBe(0);
    expect(await filesUnder(target().blobFolder)).toEqual([]);
  });

  it('puts everything in place of an empty service, byte for byte', async () => {
    expect(await restore(target(), file)).toMatchObject({ code: 0, stderr: expect.stringContaining('It is restored') });
    const ages = (keys: Awaited<ReturnType<typeof lasting>>) =>
      keys.map(({ ttlMs, ...key }) => ({ ...key, ttlMs: ttlMs !== undefined }));
    const [before, after] = await Promise.all([lasting(service.redis), lasting(empty)]);
    expect(ages(after)).toEqual(ages(before));
    for (const [index, { ttlMs }] of after.entries()) {
      if (ttlMs !== undefined) expect(Math.abs(ttlMs - (before[index]?.ttlMs ?? 0))).toBeLessThan(120_000);
    }
    const blobs = (await filesUnder(service.blobFolder)).sort();
    expect(blobs.map((blob) => blob.split('/')[0])).toEqual(['manifests', 'uploads']);
    expect((await filesUnder(target().blobFolder)).sort()).toEqual(blobs);
    for (const blob of blobs) {
      expect(await readFile(join(target().blobFolder, blob))).toEqual(await readFile(join(service.blobFolder, blob)));
    }
  });

  it('replaces data only when it is told to, and never under a running worker', async () => {
    await empty.client().set(`${PREFIX}:extra`, '1');
    const refused: Finished = await restore(target(), file);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--replace') });
    expect(await restore(target(), file, '--replace')).toMatchObject({ code: 0 });
    expect(await empty.client().exists(`${PREFIX}:extra`)).toBe(0);
    const other = { ...at(target()), QUEUE_PREFIX: 'another' };
    expect(await run(home, ['restore', file], other)).toMatchObject({ code: 2 });
  });

  it('gives a service that answers for what was done and does what waited', async () => {
    const again = await startService({
      prefix: PREFIX,
      begin: async (place) => {
        expect(await restore(place, file)).toMatchObject({ code: 0 });
      },
    });
    try {
      expect(await jobOf(again.url, done)).toMatchObject({ status: 'completed', result: { text: SAID[0] } });
      expect(await ended(again.url, waiting)).toMatchObject({ status: 'completed', result: { text: SAID[1] } });
      const { keys } = (await (await fetch(`${again.url}/admin/keys`)).json()) as { keys: { name: string }[] };
      expect(keys.map(({ name }) => name)).toEqual(['of the backup']);
      expect(await restore(again, file, '--replace')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('stop the service first'),
      });
    } finally {
      await again.close({ leftovers: true });
    }
  });
});
