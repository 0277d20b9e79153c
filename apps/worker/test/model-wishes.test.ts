import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { wireWorkerListSchema } from '@sotto/contracts';
import { nanoModelDir, type Service, speak, startService, temporaryFolder, waitFor } from '@sotto/testkit';

jest.setTimeout(120_000);

/** The other tests may keep every core busy. */
const WAIT_MS = 60_000;
const TEXT = 'one two three';

interface AdminModels {
  current_model: string;
  default_model: string | null;
  preloaded: string[];
  models: { name: string; workers: number; fits: number; loaded_by: number; warning: string | null }[];
}

let service: Service;
let folder: string;
let speech: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  folder = await temporaryFolder('models');
  const nano = join(await nanoModelDir(), 'ggml-sotto-nano.bin');
  // sotto-nano under other names: what they need of memory is the catalogue's.
  for (const name of ['sotto-nano', 'tiny', 'medium']) await copyFile(nano, join(folder, `ggml-${name}.bin`));
  speech = new Uint8Array(await readFile((await speak(TEXT)).path));
  // 1.2 s without use, and room for one or two small models.
  const workerEnv = { MODEL_IDLE_MINUTES: '0.02', MODEL_MEMORY_BUDGET: '800000000' };
  service = await startService({ modelDir: folder, workerEnv });
});
afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

async function admin(method: string, path = '', body?: object) {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  const answer = await fetch(`${service.url}/admin/models${path}`, { method, ...init });
  return { status: answer.status, body: (await answer.json()) as AdminModels };
}
const row = async (name: string) => (await admin('GET')).body.models.find((model) => model.name === name);

async function warnings(): Promise<string[]> {
  return ((await (await fetch(`${service.url}/health`)).json()) as { warnings: string[] }).warnings;
}

async function transcribe(fields: Record<string, string> = {}) {
  const form = new FormData();
  form.append('file', new Blob([speech]), 'talk.wav');
  for (const [name, value] of Object.entries({ cache: 'false', ...fields })) form.append(name, value);
  const answer = await fetch(`${service.url}/transcribe`, { method: 'POST', body: form });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('models of a running service', () => {
  it('are unloaded when nobody uses them, and loaded again for who does', async () => {
    await waitFor(async () => (await row('sotto-nano'))?.loaded_by === 0, {
      what: 'the default to be unloaded',
      timeoutMs: WAIT_MS,
    });
    expect(await transcribe()).toMatchObject({ status: 200, body: { text: TEXT, model: 'sotto-nano' } });
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });

  it('stay in memory when they are preloaded', async () => {
    expect(await admin('POST', '/tiny/preload')).toMatchObject({ status: 200, body: { preloaded: ['tiny'] } });
    await waitFor(async () => (await row('tiny'))?.loaded_by === 1, { what: 'tiny to be loaded', timeoutMs: WAIT_MS });
    await waitFor(async () => (await row('sotto-nano'))?.loaded_by === 0, {
      what: 'the other one to be unloaded',
      timeoutMs: WAIT_MS,
    });
    expect(await row('tiny')).toMatchObject({ workers: 1, loaded_by: 1 });
    expect(await admin('DELETE', '/tiny/preload')).toMatchObject({ status: 200, body: { preloaded: [] } });
    expect((await admin('DELETE', '/tiny/preload')).status).toBe(422);
    await waitFor(async () => (await row('tiny'))?.loaded_by === 0, {
      what: 'tiny to be unloaded',
      timeoutMs: WAIT_MS,
    });
  });

  it('take the place of the default without a restart', async () => {
    expect(await admin('POST', '/default', { model: 'huge' })).toMatchObject({ status: 422 });
    expect(await admin('POST', '/default', { model: 'tiny' })).toMatchObject({ body: { default_model: 'tiny' } });
    const becomes = (name: string) =>
      waitFor(async () => (await admin('GET')).body.current_model === name, {
        what: `${name} to be the default`,
        timeoutMs: WAIT_MS,
      });
    await becomes('tiny');
    expect(await transcribe()).toMatchObject({ status: 200, body: { text: TEXT, model: 'tiny' } });
    expect(await transcribe({ model: 'sotto-nano' })).toMatchObject({ body: { model: 'sotto-nano' } });
    await admin('POST', '/default', { model: null });
    await becomes('sotto-nano');
    expect(await transcribe()).toMatchObject({ body: { model: 'sotto-nano' } });
  });

  it('are compared: a share of what names none gets the second one', async () => {
    const configure = async (dotenv: string) => {
      await writeFile(join(service.folder, '.env'), dotenv);
      expect((await fetch(`${service.url}/admin/reload`, { method: 'POST' })).status).toBe(200);
    };
    await configure('WHISPER_AB_MODEL=tiny\nWHISPER_AB_SHARE=1\n');
    expect(await transcribe()).toMatchObject({ status: 200, body: { model: 'tiny' } });
    expect(await transcribe({ model: 'sotto-nano' })).toMatchObject({ body: { model: 'sotto-nano' } });
    await configure('');
    expect(await transcribe()).toMatchObject({ body: { model: 'sotto-nano' } });
    const metrics = await (await fetch(`${service.workers[0]?.url}/metrics`)).text();
    expect(metrics).toMatch(/sotto_engine_seconds_total\{[^}]*model="tiny"[^}]*\} [0-9.]+/);
  });

  it('that fit no worker wait for one that has the memory, and say so', async () => {
    const { body } = await transcribe({ model: 'medium', async: 'true' });
    const status = async () =>
      (await (await fetch(`${service.url}/status/${body.job_id}`)).json()) as { status: string; waiting_for?: string };
    await waitFor(async () => (await status()).waiting_for === 'model', {
      what: 'the job to wait for a worker',
      timeoutMs: WAIT_MS,
    });
    const told = 'No running worker has the memory for medium.';
    expect(await row('medium')).toMatchObject({ workers: 1, fits: 0 });
    expect(await warnings()).toContain(told);
    await service.addWorker({ MODEL_MEMORY_BUDGET: '8000000000' });
    await waitFor(async () => (await status()).status !== 'processing', { what: 'the job to end', timeoutMs: WAIT_MS });
    expect(await status()).toMatchObject({ status: 'completed', result: { text: TEXT, model: 'medium' } });
    expect(await row('medium')).toMatchObject({ workers: 2, fits: 1 });
    expect(await warnings()).not.toContain(told);
  });

  it('run where they fit: other workers hand their windows on', async () => {
    const [small, large] = service.workers.map(({ process }) => process);
    const loads = (process: typeof small) =>
      process?.stdout.match(/"message":"model loaded","metadata":\{"model":"medium"/g);
    const jobs = await Promise.all(Array.from({ length: 12 }, () => transcribe({ model: 'medium' })));
    for (const job of jobs) expect(job).toMatchObject({ status: 200, body: { text: TEXT, model: 'medium' } });
    expect(loads(large)).not.toBeNull();
    expect(loads(small)).toBeNull();
    const { workers } = wireWorkerListSchema.parse(await (await fetch(`${service.url}/admin/workers`)).json());
    const tooLarge = workers.flatMap(({ engines }) => engines.map((engine) => engine.too_large_models));
    expect(tooLarge.sort((a, b) => a.length - b.length)).toEqual([[], ['medium']]);
  });

  it('have a stand-in for a default that cannot be had, which every result names', async () => {
    for (const { process } of service.workers) if (process.exit === null) await process.stop();
    await service.addWorker({
      WHISPER_MODEL: 'no-such-model',
      WHISPER_FALLBACK_MODEL: 'tiny',
      MODEL_IDLE_MINUTES: '0',
    });
    await waitFor(async () => (await admin('GET')).body.current_model === 'tiny', {
      what: 'the stand-in',
      timeoutMs: WAIT_MS,
    });
    const { body } = await transcribe();
    const warning = 'tiny stands in for no-such-model, which cannot be loaded.';
    expect(body).toMatchObject({ text: TEXT, model: 'tiny', warnings: [{ code: 'model', detail: warning }] });
    expect(await warnings()).toContain(warning);
  });
});
