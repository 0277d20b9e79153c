import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { encodeWav, Receiver, type Service, speak, startService, waitFor } from '@sotto/testkit';
import { SottoClient } from '../src/index.ts';

jest.setTimeout(120_000);

const ADMIN = 'the admin key';
/** Too long for the interactive lane, by its size. */
const LONG_MS = 400_000;

let service: Service;
let receiver: Receiver;
let operator: SottoClient;
let anna: SottoClient;
let ben: SottoClient;
let ids: { anna: string; ben: string };
let speech: File;

const clientWith = (apiKey: string) => new SottoClient({ baseUrl: service.url, apiKey });

function long(hertz: number): File {
  const samples = new Int16Array(LONG_MS * 16).map((_, at) => Math.round(8_000 * Math.sin((at * hertz) / 2_546)));
  return new File([encodeWav(samples)], `${hertz}.wav`);
}

beforeAll(async () => {
  receiver = await Receiver.open();
  service = await startService({
    env: { ALLOWED_NETWORKS: '127.0.0.1', WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}` },
    apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN },
  });
  operator = clientWith(ADMIN);
  const [first, second] = await Promise.all([
    operator.admin.createKey({ name: 'Anna', audio_minutes_per_day: 60 }),
    operator.admin.createKey({ name: 'Ben' }),
  ]);
  [anna, ben, ids] = [clientWith(first.key), clientWith(second.key), { anna: first.id, ben: second.id }];
  speech = new File([encodeWav((await speak('hello world one two three')).samples)], 'talk.wav');
});
afterAll(async () => {
  await service?.close({ leftovers: true });
  await receiver?.close();
});

async function theWorker() {
  const [worker] = await operator.admin.workers();
  if (worker === undefined) throw new Error('There is no worker.');
  return worker;
}

/** Resolves when the worker says so. */
async function setDraining(isDraining: boolean): Promise<void> {
  const { id } = await theWorker();
  await (isDraining ? operator.admin.drainWorker(id) : operator.admin.resumeWorker(id));
  const state = isDraining ? 'stopping' : 'ready';
  await waitFor(async () => (await theWorker()).draining === isDraining && (await theWorker()).state === state, {
    what: `the worker to be ${state}`,
  });
}

describe('an operator', () => {
  it('has a worker take nothing new, and take work again', async () => {
    await setDraining(true);
    const { job_id: jobId } = await anna.submit(speech);
    expect(await operator.admin.overview()).toMatchObject({ workers: 1, workers_ready: 0 });
    await waitFor(async () => (await operator.admin.overview()).jobs === 1, { what: 'the job to be counted' });
    expect(await anna.status(jobId)).toMatchObject({ status: 'processing', stage: 'queued' });
    await setDraining(false);
    expect(await anna.wait(jobId)).toMatchObject({ status: 'completed' });
    await expect(operator.admin.drainWorker('nobody')).rejects.toMatchObject({ code: 'worker_not_found' });
  });

  it('sees the jobs of all keys, brings one before the others, and cancels it', async () => {
    await setDraining(true);
    // A worker that waits for a job when it is told to rest passes that one on.
    const { job_id: passedOn } = await anna.submit(long(290), { priority: 'batch' });
    const first = await anna.submit(long(300), { priority: 'batch' });
    const second = await ben.submit(long(310), { priority: 'batch' });
    const running = async () => (await operator.admin.jobs({ status: 'processing' })).jobs;
    const found = async (id: string) => (await running()).find(({ job_id: of }) => of === id);
    const isFirstBefore = async () => {
      const [one, two] = [await found(first.job_id), await found(second.job_id)];
      return Number(one?.queue_position) < Number(two?.queue_position);
    };
    expect(await found(first.job_id)).toMatchObject({ key_id: ids.anna, lane: 'batch', file_name: '300.wav' });
    expect(await found(second.job_id)).toMatchObject({ key_id: ids.ben, lane: 'batch', file_name: '310.wav' });
    expect(await isFirstBefore()).toBe(true);
    expect(await operator.admin.raiseJob(second.job_id)).toMatchObject({ lane: 'interactive', queue_position: 1 });
    expect(await operator.admin.raiseJob(second.job_id)).toMatchObject({ lane: 'interactive', queue_position: 1 });
    expect(await isFirstBefore()).toBe(false);
    expect((await operator.admin.jobs({ ofKey: ids.ben })).jobs.map(({ job_id: id }) => id)).toEqual([second.job_id]);
    expect(await operator.admin.cancelJob(second.job_id)).toMatchObject({ status: 'cancelled' });
    expect(await operator.admin.raiseJob(second.job_id)).toMatchObject({ status: 'cancelled', lane: 'interactive' });
    for (const id of [passedOn, first.job_id]) await operator.admin.cancelJob(id);
    expect(await running()).toEqual([]);
    expect(await operator.admin.cancelJob(first.job_id)).toBeNull();
    await expect(operator.admin.raiseJob(first.job_id)).rejects.toMatchObject({ code: 'job_not_found' });
    await setDraining(false);
  });

  it('sees deliveries of webhooks, and has one repeated', async () => {
    const { jobId } = await ben.transcribe(speech, { webhookUrl: receiver.url });
    const delivered = async () => {
      const { webhooks } = await operator.admin.webhooks({ ofKey: ids.ben });
      const found = webhooks.find((one) => one.job_id === jobId);
      return found?.state === 'delivered' ? found : null;
    };
    const webhook = await waitFor(delivered, { what: 'the delivery' });
    expect(webhook).toMatchObject({ key_id: ids.ben, file_name: 'talk.wav', attempts: [{ delivery: 1, status: 204 }] });
    expect((await operator.admin.webhooks()).webhooks).toHaveLength(1);
    expect(await operator.admin.replayWebhook(String(jobId))).toMatchObject({ state: 'pending' });
    await waitFor(async () => (await delivered())?.attempts.length === 2, { what: 'the second delivery' });
    expect(receiver.calls).toHaveLength(2);
  });

  it('sees quotas, models and who did what', async () => {
    const [quota, ...others] = await operator.admin.quotas();
    expect(quota).toMatchObject({ key_id: ids.anna, name: 'Anna', quota: 'day', limit_minutes: 60 });
    expect(others).toEqual([]);
    expect((await operator.admin.models()).models).toMatchObject([{ name: 'sotto-nano', workers: 1 }]);
    const usage = await operator.admin.usage();
    expect(usage.days.map(({ name }) => name).sort()).toEqual(['Anna', 'Ben']);
    const drains = await waitFor(
      async () => {
        const { entries } = await operator.admin.audit({ action: 'worker.drain' });
        return entries.length > 3 ? entries : null;
      },
      { what: 'the audit log' },
    );
    expect(drains[0]).toMatchObject({ key_id: 'admin', status: 202, target: (await theWorker()).id });
    await expect(anna.admin.overview()).rejects.toMatchObject({ code: 'forbidden' });
  });
});
