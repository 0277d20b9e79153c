/** @alone It stops a worker for a moment, which must be shorter than the lock of a job. */
import { copyFile, mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  BrokenLine,
  describeWith,
  nanoModelDir,
  type Resource,
  runCommand,
  S3Server,
  type Service,
  s3Software,
  startService,
  temporaryFolder,
  waitFor,
} from '@sotto/testkit';
import { accepted, ended, statusOf } from './support/jobs.ts';
import { made } from './support/media.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { expectError, send, transcribe } from './support/replies.ts';

jest.setTimeout(120_000);

/** With the first one, more often than a job is tried; that this holds for any cause is tested in packages/queue. */
const MORE_THAN_TRIES = 3;

/** Room on the disk that is full: for no recording, but for what a store writes to see whether it can. */
const LEFT_BYTES = 1024 * 1024;

let spoken: SpokenRecording[];
let undisturbed: unknown[];

beforeAll(async () => {
  spoken = await Promise.all([recording(51, 3), recording(52, 2)]);
});

/** All jobs are there before the worker takes the first; then what they need goes away, and it finds that out. */
async function whileStopped(service: Service, work: () => Promise<void>): Promise<void> {
  // What a test before took away may still be missed for a moment.
  await waitFor(async () => (await send(`${service.url}/health/ready`)).status === 200, { what: 'all to be well' });
  const worker = service.workers[0]?.process;
  worker?.signal('SIGSTOP');
  try {
    await work();
  } finally {
    worker?.signal('SIGCONT');
  }
}

const accept = (service: Service): Promise<string[]> =>
  Promise.all(spoken.map(({ wav }) => accepted(service.url, wav, { cache: 'false' })));

const resultsOf = (service: Service, ids: string[]) =>
  Promise.all(
    ids.map(async (id) => {
      const { status, result, error } = await ended(service.url, id);
      return { status, error, text: result?.text, segments: result?.segments };
    }),
  );

async function waitsOf(service: Service, cause: string): Promise<number> {
  const text = (await send(`${service.workers[0]?.url}/metrics`)).text;
  return Number(new RegExp(`^sotto_worker_waits_total\\{.*cause="${cause}".*\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

/** Every job says what it waits for, and has been put back again. */
async function untilAllWait(service: Service, ids: string[], cause: string, times = 1): Promise<void> {
  const waiting = async () => {
    const all = await Promise.all(ids.map((id) => statusOf(service.url, id)));
    return all.every(({ status, waiting_for }) => status === 'processing' && waiting_for === cause);
  };
  await waitFor(waiting, { what: `the jobs to wait for ${cause}`, timeoutMs: 30_000 });
  const before = await waitsOf(service, cause);
  await waitFor(async () => (await waitsOf(service, cause)) >= before + times * ids.length, {
    what: 'the jobs to be put back again and again',
    timeoutMs: 60_000,
  });
  const line = new RegExp(`^sotto_waiting_jobs\\{.*cause="${cause}".*\\} ${ids.length}$`, 'm');
  await waitFor(async () => line.test((await send(`${service.url}/metrics`)).text), { what: 'the metric' });
}

async function mustBeUndisturbed(service: Service, ids: string[]): Promise<void> {
  expect(await resultsOf(service, ids)).toEqual(undisturbed);
  expect((await statusOf(service.url, ids[0] ?? '')).waiting_for).toBeUndefined();
}

describe('a machine whose volumes go away', () => {
  let service: Service;
  let models: string;
  let volume: string;
  let isMounted: boolean;
  const store = () => join(volume, 'store');

  beforeAll(async () => {
    models = await temporaryFolder('models');
    const nano = join(await nanoModelDir(), 'ggml-sotto-nano.bin');
    await mkdir(join(models, 'volume'));
    for (const name of ['sotto-nano', 'tiny']) await copyFile(nano, join(models, 'volume', `ggml-${name}.bin`));
    const env: Record<string, string> = { MIN_FREE_DISK: '0' };
    service = await startService({
      modelDir: join(models, 'volume'),
      env,
      begin: async ({ blobFolder }) => {
        volume = blobFolder;
        await mkdir(volume);
        isMounted = (await runCommand('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', volume])).code === 0;
        env.TEMP_DIR = store();
      },
    });
    undisturbed = await resultsOf(service, await accept(service));
  });

  afterAll(async () => {
    if (isMounted) await runCommand('umount', ['-l', volume]);
    await service?.close();
    await rm(models, { recursive: true, force: true });
  });

  it('storage: jobs wait, new ones are refused, and nothing is written in its place', async () => {
    let ids: string[] = [];
    await whileStopped(service, async () => {
      ids = await accept(service);
      await rename(store(), `${store()}.away`);
    });
    await untilAllWait(service, ids, 'storage', MORE_THAN_TRIES);
    expectError(
      await transcribe(service.url, { bytes: spoken[0]?.wav ?? new Uint8Array() }),
      503,
      'storage_unavailable',
    );
    await rename(`${store()}.away`, store());
    await mustBeUndisturbed(service, ids);
  });

  it('a disk that is full: jobs wait until there is room', async () => {
    // Where a small file system cannot be had, the limit of a file's size is its test (packages/storage).
    if (!isMounted) return;
    // Small as a file, and larger than the disk is now when it is decoded.
    const long = await made('mp3', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=180', '-b:a', '32k');
    const filler = join(volume, 'filler');
    let ids: string[] = [];
    await whileStopped(service, async () => {
      ids = [await accepted(service.url, long), await accepted(service.url, long, { cache: 'false' })];
      const { bavail, bsize } = await statfs(volume);
      await writeFile(filler, Buffer.alloc(bavail * bsize - LEFT_BYTES));
    });
    await untilAllWait(service, ids, 'disk');
    await rm(filler);
    for (const { status } of await resultsOf(service, ids)) expect(status).toBe('completed');
  });

  it('models: what needs one that is not in memory waits for it', async () => {
    await rename(join(models, 'volume'), join(models, 'away'));
    const ids = await Promise.all(
      spoken.map(({ wav }) => accepted(service.url, wav, { cache: 'false', model: 'tiny' })),
    );
    await untilAllWait(service, ids, 'model');
    await rename(join(models, 'away'), join(models, 'volume'));
    await mustBeUndisturbed(service, ids);
  });
});

const s3: Resource<Record<string, string>> = await s3Software();

describeWith(s3, 'an S3 that refuses connections', (software) => {
  let server: S3Server;
  let line: BrokenLine;
  let bucket: string;
  let service: Service;

  beforeAll(async () => {
    server = await S3Server.start(software);
    line = await BrokenLine.to(server.url);
    bucket = await server.createBucket();
    service = await startService({ env: { ...server.environment(bucket), S3_ENDPOINT: line.url } });
  });

  afterAll(async () => {
    await service?.close();
    await line?.close();
    await server?.close();
  });

  it('jobs wait, and go on as if nothing had been', async () => {
    let ids: string[] = [];
    await whileStopped(service, async () => {
      ids = await accept(service);
      await line.refuse();
    });
    await untilAllWait(service, ids, 'storage');
    await line.restore();
    await mustBeUndisturbed(service, ids);
    let left: string[] = [];
    const isEmpty = async () => {
      left = await server.contentOf(bucket);
      return left.length === 0;
    };
    // The server takes one request after the other: asking it all the time would keep it from the removals.
    const rarely = { what: 'the bucket to be empty', timeoutMs: 30_000, intervalMs: 500 };
    await waitFor(isEmpty, rarely).catch((cause) => {
      throw new Error(`Left behind: ${left.join(', ')}`, { cause });
    });
  });
});
