import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from '@sotto/contracts';
import type { RedisServer } from '@sotto/testkit';
import { ResumableUploads } from '../src/index.ts';
import { attachInput, Bench, seeded, startRedis } from './harness.ts';

let server: RedisServer;
let bench: Bench;
let uploads: ResumableUploads;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());
beforeEach(async () => {
  bench = await Bench.open(server);
  uploads = new ResumableUploads(bench.redis, bench.settings);
});
afterEach(() => bench.close());

const LIMIT_BYTES = 500;
const KEPT_MS = 60_000;
const held = () => `${bench.settings.prefix}:held:k`;

const accept = async (bytes: number): Promise<Run> => {
  const limits = { runs: null, cost: null, bytes: LIMIT_BYTES };
  const input = { ...attachInput().input, bytes };
  return (await bench.runs.attach(attachInput({ keyId: 'k', limits, input }))).run;
};

async function openUpload(): Promise<string> {
  const id = randomUUID();
  const upload = { id, keyId: 'k', totalBytes: null, offset: 0, metadata: {}, touchedAtMs: Date.now(), jobId: null };
  await uploads.create(upload, KEPT_MS, { openUploads: null, heldBytes: LIMIT_BYTES });
  return id;
}

const append = (id: string, offset: number, bytes: number) =>
  uploads.append({ id, keyId: 'k' }, offset, { blobKey: 'uploads/1', bytes }, KEPT_MS, { heldBytes: LIMIT_BYTES });

const counted = async () => Number((await bench.redis.hget(`${held()}:sum`, 'cost')) ?? Number.NaN);

/** How often the members of a sorted set have been read. */
const reads = async () => Number(/cmdstat_zrange:calls=(\d+)/.exec(await bench.redis.info('commandstats'))?.[1] ?? 0);

describe('what a key keeps on disk', () => {
  it.each([1, 2, 3])('is refused beyond the limit and never below it, after any history (%i)', async (seed) => {
    const random = seeded(seed);
    const upTo = (most: number) => 1 + Math.floor(random() * most);
    /** What is really held, by member; the service is not told when any of it ends. */
    const bytesOf = new Map<string, number>();
    const total = () => [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0);
    const runs = new Map<string, Run>();
    const open = new Map<string, number>();
    const one = <T>(map: Map<string, T>) => [...map.keys()][Math.floor(random() * map.size)];
    const outcome = (work: Promise<unknown>) =>
      work.then(
        () => 'taken',
        ({ code }) => code,
      );
    let refused = 0;
    const expectOutcome = async (work: Promise<unknown>, fits: boolean) => {
      expect(await outcome(work)).toBe(fits ? 'taken' : 'key_full');
      if (!fits) refused += 1;
      return fits;
    };
    const steps = [
      async () => {
        const bytes = upTo(300);
        const fits = total() === 0 || total() + bytes <= LIMIT_BYTES;
        const work = accept(bytes);
        if (await expectOutcome(work, fits)) {
          const run = await work;
          runs.set(run.id, run);
          bytesOf.set(run.id, bytes);
        }
      },
      async () => {
        const work = openUpload();
        if (await expectOutcome(work, total() < LIMIT_BYTES)) open.set(await work, 0);
      },
      async (id = one(open)) => {
        if (id === undefined) return;
        const [offset, bytes] = [open.get(id) ?? 0, upTo(200)];
        if (!(await expectOutcome(append(id, offset, bytes), total() + bytes <= LIMIT_BYTES))) return;
        open.set(id, offset + bytes);
        bytesOf.set(id, offset + bytes);
      },
      async (id = one(runs)) => {
        const run = runs.get(id ?? '');
        if (run === undefined) return;
        await bench.runs.cancel(run);
        runs.delete(run.id);
        bytesOf.delete(run.id);
      },
      async (id = one(open)) => {
        if (id === undefined) return;
        if (random() < 0.5) await uploads.remove(id);
        else await uploads.use(id, randomUUID(), KEPT_MS);
        open.delete(id);
        bytesOf.delete(id);
      },
      // The sum comes to its end.
      async () => void (await bench.redis.del(`${held()}:sum`)),
    ];
    for (let i = 0; i < 400; i += 1) {
      await steps[Math.floor(random() * steps.length)]?.();
      const sum = await counted();
      if (!Number.isNaN(sum)) expect(sum).toBeGreaterThanOrEqual(total());
    }
    expect(refused).toBeGreaterThan(10);
  });

  it('is not gone through for each request', async () => {
    for (let i = 0; i < 20; i += 1) await accept(1);
    const before = await reads();
    for (let i = 0; i < 20; i += 1) await accept(1);
    expect(await reads()).toBe(before);
    expect(await bench.redis.zcard(held())).toBe(40);
  });

  it('is gone through anew soon after a build that does not know of the sum has changed it', async () => {
    const run = await accept(100);
    expect(await counted()).toBe(100);
    const upload = await openUpload();
    await append(upload, 0, 100);
    // What an older build did to an upload that grew by one piece more.
    await bench.redis.zadd(held(), LIMIT_BYTES, `upload:${upload}`);
    expect(await bench.redis.pttl(`${held()}:sum`)).toBeGreaterThan(0);
    expect(await bench.redis.pttl(`${held()}:sum`)).toBeLessThanOrEqual(30_000);
    await bench.redis.zadd(held(), 500, 'run:of-an-older-build');
    await expect(accept(1)).rejects.toMatchObject({
      code: 'key_full',
      fields: { held_bytes: LIMIT_BYTES + 100, limit_bytes: LIMIT_BYTES },
    });
    await uploads.remove(upload);
    await bench.runs.cancel(run);
    await accept(LIMIT_BYTES);
  });

  it('leaves nothing for ever', async () => {
    await bench.runs.cancel(await accept(100));
    await uploads.remove(await openUpload());
    await bench.redis.del(`${bench.settings.prefix}:processing`);
    expect((await bench.lasting()).filter((key) => key.includes(':held:'))).toEqual([]);
  });
});
