import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, REPOSITORY, type Service, startService, waitFor } from '@sotto/testkit';
import { accepted, ended } from './support/jobs.ts';
import { wav } from './support/media.ts';
import { type Scrape, sampleOf, scrape } from './support/metrics.ts';
import { send, transcribe } from './support/replies.ts';
import { phrase } from './support/speech.ts';
import { startUnready } from './support/unready.ts';

let service: Service;
let api: Scrape;
let worker: Scrape;

/** A clip with speech, one without, and one that is refused, before anything is looked at. */
beforeAll(async () => {
  service = await startService({ workers: 1 });
  await ended(service.url, await accepted(service.url, (await phrase(71)).bytes));
  await ended(service.url, await accepted(service.url, wav(), { language: 'en' }));
  expect((await transcribe(service.url, { bytes: Buffer.from('no recording at all') })).status).toBe(400);
  api = await waitFor(
    async () => {
      const now = await scrape(service.url);
      return sampleOf(now, 'sotto_backlog_audio_seconds') === 0 && sampleOf(now, 'sotto_sweeps') !== 0 && now;
    },
    { what: 'the figures after the work, and after a sweep', timeoutMs: 45_000 },
  );
  // A worker counts a recording after it has stored its result.
  worker = await waitFor(
    async () => {
      const now = await scrape(String(service.workers[0]?.url));
      return sampleOf(now, 'sotto_transcripts_total') === 2 && now;
    },
    { what: 'the worker to count both recordings' },
  );
});

afterAll(() => service?.close());

describe('docs/metrics.md', () => {
  const rows = readFileSync(join(REPOSITORY, 'docs/metrics.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, type, labels] = /^\| `(sotto_\w+)` \| (\w+) \| ([^|]*) \| [^|]+ \|$/.exec(line) ?? [];
      return name === undefined
        ? []
        : [{ name, type, labels: [...String(labels).matchAll(/`(\w+)`/g)].map((m) => m[1]) }];
    });

  it('lists what is exported, and nothing else', () => {
    const exported = new Map([...api.metrics, ...worker.metrics].filter(([name]) => name.startsWith('sotto_')));
    const told = Object.fromEntries(rows.map(({ name, type }) => [name, type]));
    expect(told).toEqual(Object.fromEntries([...exported].map(([name, { type }]) => [name, type])));
    expect(rows).toHaveLength(exported.size);
  });

  it('names the labels', () => {
    const common = ['service', 'le'];
    for (const { name, labels } of [...api.samples, ...worker.samples]) {
      const row = rows.find((one) =>
        [one.name, `${one.name}_bucket`, `${one.name}_sum`, `${one.name}_count`].includes(name),
      );
      if (row === undefined) continue;
      const own = Object.keys(labels).filter((label) => !common.includes(label));
      expect({ name, labels: own.sort() }).toEqual({ name, labels: [...row.labels].sort() });
    }
  });
});

describe('what is measured', () => {
  it('of recordings: how long they waited and took, words, segments, empty results', () => {
    expect(sampleOf(worker, 'sotto_run_latency_seconds_count', { lane: 'interactive' })).toBe(2);
    expect(sampleOf(worker, 'sotto_run_wait_seconds_count', { lane: 'interactive' })).toBe(2);
    expect(sampleOf(worker, 'sotto_words_total')).toBeGreaterThan(0);
    expect(sampleOf(worker, 'sotto_segments_total')).toBeGreaterThan(0);
    expect(sampleOf(worker, 'sotto_empty_transcripts_total')).toBe(1);
    expect(sampleOf(worker, 'sotto_transcripts_total')).toBe(2);
  });

  it('of models and the machine', () => {
    expect(sampleOf(worker, 'sotto_model_memory_bytes', { model: 'sotto-nano' })).toBeGreaterThan(1e6);
    expect(sampleOf(worker, 'sotto_model_load_seconds_count', { model: 'sotto-nano' })).toBe(1);
    for (const process of [api, worker]) {
      expect(sampleOf(process, 'sotto_memory_used_ratio')).toBeGreaterThan(0);
      expect(sampleOf(process, 'sotto_memory_used_ratio')).toBeLessThanOrEqual(1);
      expect(sampleOf(process, 'sotto_cpu_seconds_total')).toBeGreaterThan(0);
      expect(sampleOf(process, 'sotto_cpu_cores')).toBeGreaterThan(0);
    }
  });

  it('of uploads: sizes of those taken, and why others were refused', () => {
    expect(sampleOf(api, 'sotto_upload_bytes_count')).toBe(2);
    expect(sampleOf(api, 'sotto_upload_refusals_total', { code: 'invalid_file_format' })).toBe(1);
  });

  it('of the service: backlog, lanes, outbox, Redis, storage, sweeps', () => {
    expect(sampleOf(api, 'sotto_backlog_seconds_per_worker')).toBe(0);
    expect(sampleOf(api, 'sotto_worker_measured_rtfx')).toBeGreaterThan(0);
    for (const lane of ['interactive', 'batch'])
      expect(sampleOf(api, 'sotto_oldest_waiting_seconds', { lane })).toBe(0);
    expect(sampleOf(api, 'sotto_outbox_events', { consumer: 'webhooks' })).toBe(0);
    expect(sampleOf(api, 'sotto_redis_memory_bytes')).toBeGreaterThan(100_000);
    expect(sampleOf(api, 'sotto_redis_memory_limit_bytes')).toBeUndefined();
    expect(sampleOf(api, 'sotto_redis_aof_healthy')).toBe(1);
    expect(sampleOf(api, 'sotto_storage_free_bytes')).toBeGreaterThan(0);
    expect(sampleOf(api, 'sotto_storage_writable')).toBe(1);
    expect(sampleOf(api, 'sotto_held_uploads')).toBeGreaterThanOrEqual(0);
    const sweptAt = Number(sampleOf(api, 'sotto_sweep_last_success_timestamp_seconds'));
    expect(Math.abs(Date.now() / 1000 - sweptAt)).toBeLessThan(120);
  });
});

describe('open streams', () => {
  it('are counted until their listener has gone', async () => {
    const env = { QUEUE_PREFIX: `${service.prefix}-idle`, TEMP_DIR: join(service.folder, 'idle') };
    const idle = await startUnready(service, env);
    try {
      const count = async () => sampleOf(await scrape(idle.url), 'sotto_event_streams', { kind: 'sse' });
      const job = await accepted(idle.url, wav());
      expect(await count()).toBe(0);
      const ready = await send(`${idle.url}/health/ready`);
      expect([ready.status, ready.json?.status]).toEqual([200, 'degraded']);
      expect(ready.json?.problems).toEqual(['No worker is running. Jobs are accepted but wait.']);
      const leave = new AbortController();
      const { body } = await fetch(`${idle.url}/jobs/${job}/events`, { signal: leave.signal });
      expect(await count()).toBe(1);
      leave.abort();
      await body?.cancel().catch(() => {});
      await waitFor(async () => (await count()) === 0, { what: 'the stream to be closed' });
      const oldest = async () => sampleOf(await scrape(idle.url), 'sotto_oldest_waiting_seconds');
      await waitFor(async () => Number(await oldest()) > 0, { what: 'the waiting recording to be told' });
    } finally {
      await idle.process.stop();
    }
  });
});

describe('two replicas', () => {
  it('tell the same of the service', async () => {
    const other = await service.addApi();
    const [lease, client] = [`${service.prefix}:figures:lease`, service.redis.client()];
    await client.del(lease);
    await scrape(service.url);
    // Held longer here, so that a busy machine does not let it expire in between.
    await client.set(lease, '1', 'PX', 60_000);
    const [first, second] = await Promise.all([scrape(service.url), scrape(other.url)]);
    for (const name of ['sotto_redis_memory_bytes', 'sotto_redis_clients', 'sotto_sweeps'])
      expect([name, sampleOf(second, name)]).toEqual([name, sampleOf(first, name)]);
    await client.del(lease);
  });
});

describe('without Redis', () => {
  it('figures of the service are absent, instead of 0', async () => {
    const lonely = await startUnready(service, { REDIS_URL: `redis://127.0.0.1:${await freePort()}/0` });
    const [now, ready] = await Promise.all([scrape(lonely.url), send(`${lonely.url}/health/ready`)]).finally(() =>
      lonely.process.stop(),
    );
    expect([ready.status, ready.json?.status]).toEqual([503, 'not_ready']);
    expect(ready.json?.problems).toEqual(['The queue (Redis) cannot be reached.']);
    for (const name of ['sotto_runs_processing', 'sotto_backlog_audio_seconds', 'sotto_fleet_rtfx', 'sotto_queue_jobs'])
      expect([name, sampleOf(now, name)]).toEqual([name, undefined]);
    expect(sampleOf(now, 'sotto_storage_writable')).toBe(1);
  });
});
