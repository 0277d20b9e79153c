/** @busy It kills workers, and their heirs keep every core busy. */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Child, freePort, REPOSITORY, waitFor, writeWav } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { asTranscription, Fleet } from './fleet.ts';
import { poison } from './poison/poison.ts';
import { makeTalk, type Talk } from './talk.ts';

jest.setTimeout(180_000);

const PROGRAM = fileURLToPath(new URL('./poison/poisoned-worker.ts', import.meta.url));
const TSX = pathToFileURL(`${REPOSITORY}/node_modules/tsx/dist/loader.mjs`).href;
const ENGLISH = { language: 'en' as const };
const GAP = { ...ENGLISH, onWindowError: 'gap' as const };

let fleet: Fleet;
let redis: Redis;
let talk: Talk;

beforeAll(async () => {
  fleet = await Fleet.start();
  redis = fleet.redis.client();
  talk = await makeTalk(100_000, { from: 500, to: 2500 }, 5);
});

afterAll(() => fleet.close());

/** A worker that is started again whenever it dies, as by a supervisor; `lives`: all of them, the dead first. */
class Supervised {
  readonly lives: Child[] = [];
  #isOver = false;

  async start(): Promise<void> {
    const metrics = { METRICS_PORT: String(await freePort()) };
    const worker = await Child.start({
      name: `poisoned worker ${this.lives.length}`,
      command: process.execPath,
      args: ['--import', TSX, '--conditions=@sotto/source', PROGRAM],
      env: { ...fleet.environment(['prepare', 'transcribe']), ...metrics },
      cwd: fleet.folder,
    });
    this.lives.push(worker);
    void worker.ended.then(async ({ signal }) => {
      if (signal !== 'SIGKILL' || this.#isOver) return;
      await this.#forgetLocks();
      await this.start();
    });
  }

  /** As if the time had passed after which others notice: its locks have expired, and one of two checks is over. */
  async #forgetLocks(): Promise<void> {
    const gone = [`${fleet.prefix}:*:lock`, `${fleet.prefix}:*:stalled-check`];
    const keys = (await Promise.all(gone.map((pattern) => redis.keys(pattern)))).flat();
    if (keys.length > 0) await redis.del(...keys);
    for (const active of await redis.keys(`${fleet.prefix}:*:active`)) {
      const ids = await redis.lrange(active, 0, -1);
      if (ids.length > 0) await redis.sadd(active.replace(/active$/, 'stalled'), ...ids);
    }
  }

  get deaths(): number {
    return this.lives.filter(({ exit }) => exit?.signal === 'SIGKILL').length;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.lives.at(-1)?.stop();
  }
}

/** Windows that a worker had begun and not finished when it died. */
function inHandsOf({ output }: Child): string[] {
  const idsIn = (message: string) =>
    [...output.matchAll(new RegExp(`"message":"${message}".*"queue_job_id":"([^"]+\\.window\\.\\d+)"`, 'g'))].map(
      ([, id]) => id ?? '',
    );
  const done = new Set([...idsIn('job finished'), ...idsIn('job handed over')]);
  return idsIn('job taken').filter((id) => !done.has(id));
}

async function recording(name: string, samples: Int16Array): Promise<string> {
  const path = join(fleet.folder, `${name}.wav`);
  await writeWav(path, samples);
  return path;
}

describe('a window that kills its worker', () => {
  it('is left out as a marked gap after its third worker has died, alone; no other job is lost', async () => {
    const phrase = talk.phrases[Math.floor(talk.phrases.length / 2)];
    if (phrase === undefined) throw new Error('there is no phrase');
    const deadly = talk.samples.slice();
    poison(deadly, Math.round((phrase.startMs + phrase.endMs) / 2));
    const poisoned = await fleet.submit(await recording('deadly', deadly), { options: GAP });
    const harmless = await fleet.submit(await recording('harmless', talk.samples), { options: ENGLISH });
    const worker = new Supervised();
    await worker.start();
    try {
      const [withGap, whole] = await Promise.all([fleet.ended(poisoned.run.id), fleet.ended(harmless.run.id)]);
      expect([withGap.status, whole.status]).toEqual(['completed', 'completed']);
    } finally {
      await worker.stop();
    }
    const [transcript, whole] = [await fleet.transcript(poisoned.run.id), await fleet.transcript(harmless.run.id)];
    expect(transcript?.dropped).toMatchObject([{ text: '', flags: ['not_transcribed'] }]);
    const { startMs = 0, endMs = 0 } = transcript?.dropped[0] ?? {};
    expect(startMs < phrase.endMs && endMs > phrase.startMs).toBe(true);
    expect(transcript?.warnings).toContainEqual({
      code: 'window_failed',
      detail: `Nothing could be transcribed from ${startMs / 1000} s to ${endMs / 1000} s.`,
    });
    const outside = whole?.segments.filter((segment) => segment.endMs <= startMs || segment.startMs >= endMs);
    expect(transcript?.segments.map(({ text }) => text)).toEqual(outside?.map(({ text }) => text));
    expect(outside?.length).toBeLessThan(whole?.segments.length ?? 0);

    expect(worker.deaths).toBe(3);
    const killed = worker.lives.map(inHandsOf);
    const [victim] = killed[2] ?? [];
    expect(killed[2]).toHaveLength(1);
    expect(victim).toContain(poisoned.run.id);
    expect(killed[0]).toContain(victim);
    expect(killed[0]?.length).toBeGreaterThan(1);
    await fleet.noBlobs();
  });

  it('fails its job, unless told otherwise, without another worker', async () => {
    const { run } = await fleet.submit(await recording('short', talk.samples.slice(0, 16 * 20_000)), {
      options: ENGLISH,
    });
    const worker = await fleet.addWorker(['prepare']);
    const jobs = () => redis.keys(`${fleet.prefix}:*windows:${run.id}.window.0`);
    const [job = ''] = await waitFor(async () => ((await jobs()).length > 0 ? await jobs() : null), {
      what: 'a window',
    });
    // As if three workers had died during it.
    await redis.hset(job, 'stc', 3);
    await fleet.addWorker(['transcribe']);
    const ended = await fleet.ended(run.id);
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'transcription_failed', detail: expect.stringMatching(/workers .* died/) },
    });
    expect(asTranscription(ended).windowsDone).toBe(0);
    expect(worker.process.exit).toBeNull();
    await fleet.noBlobs();
  });
});
