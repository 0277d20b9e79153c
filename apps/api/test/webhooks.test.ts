import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { wireWebhookEventSchema, wireWebhookSchema } from '@sotto/contracts';
import { Runs } from '@sotto/queue';
import { Receiver, type Service, startService, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { Webhook } from 'standardwebhooks';
import { accepted, ended, remove } from './support/jobs.ts';
import { wav } from './support/media.ts';
import { expectError, send, transcribe } from './support/replies.ts';
import { phrase } from './support/speech.ts';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const ENV = { WEBHOOK_SECRET: SECRET, ALLOWED_NETWORKS: '127.0.0.1', WEBHOOK_RETRY_DELAY: '0.01' };

let service: Service;
let receiver: Receiver;
let redis: Redis;

beforeAll(async () => {
  service = await startService({ env: ENV });
  redis = service.redis.client();
});

afterAll(async () => {
  await service?.close();
});

beforeEach(async () => {
  receiver = await Receiver.open();
});

afterEach(async () => {
  await receiver.close();
});

const webhookOf = async (id: string) =>
  wireWebhookSchema.parse((await send(`${service.url}/jobs/${id}/webhooks`)).json);

const settled = (id: string) =>
  waitFor(
    async () => {
      const webhook = await webhookOf(id);
      return ['delivered', 'failed'].includes(webhook.state) ? webhook : null;
    },
    { what: `the webhook of ${id} to be settled`, timeoutMs: 30_000 },
  );

/** Every call, as the library of Standard Webhooks reads it: it throws when a signature is wrong. */
const events = () =>
  receiver.calls.map(({ headers, body }) =>
    wireWebhookEventSchema.parse(new Webhook(SECRET).verify(body, headers as Record<string, string>)),
  );

const submit = async (seed: number, fields: Record<string, string> = {}) =>
  accepted(service.url, (await phrase(seed)).bytes, { webhook_url: receiver.url, ...fields });

describe('a webhook', () => {
  it('tells of the end of a job, signed, once', async () => {
    const id = await submit(71);
    const webhook = await settled(id);
    expect(webhook).toMatchObject({ job_id: id, url: receiver.url, state: 'delivered', webhook_id: `msg_${id}` });
    expect(webhook.attempts).toMatchObject([{ delivery: 1, attempt: 1, outcome: 'delivered', status: 204 }]);
    expect(receiver.calls[0]?.headers).toMatchObject({ 'webhook-id': `msg_${id}`, 'content-type': 'application/json' });
    const [event] = events();
    const { status, ...job } = (await send(`${service.url}/jobs/${id}`)).json ?? {};
    expect(event).toMatchObject({ type: 'job.completed', data: { job_id: id, status, duration: job.duration } });
    expect((await send(service.url + String(event?.data.result_url))).status).toBe(200);
    expect(receiver.calls).toHaveLength(1);
  });

  it('is sent for each of the requests that share a run, and for one that comes when the run is over', async () => {
    const ids = [await submit(72), await submit(72)];
    for (const id of ids) await settled(id);
    ids.push(await submit(72));
    await settled(String(ids[2]));
    expect(
      events()
        .map(({ data }) => data.job_id)
        .sort(),
    ).toEqual(ids.sort());
  });

  it('tells what a job failed with', async () => {
    const id = await accepted(service.url, wav(20), { webhook_url: receiver.url });
    await settled(id);
    expect(events()).toMatchObject([
      { type: 'job.failed', data: { job_id: id, status: 'failed', error: 'audio_too_short' } },
    ]);
  });

  it('is tried again with the same id and body, signed anew', async () => {
    receiver.answer({ status: 503 }, { status: 429 });
    const id = await submit(73);
    const { attempts } = await settled(id);
    expect(attempts.map(({ outcome, status }) => [outcome, status])).toEqual([
      ['retrying', 503],
      ['retrying', 429],
      ['delivered', 204],
    ]);
    expect(new Set(receiver.calls.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`msg_${id}`]));
    expect(events()).toHaveLength(3);
  });

  it('is given up after ten tries, or at once when the receiver refuses it; a replay delivers it then', async () => {
    receiver.answer(...Array.from({ length: 10 }, () => ({ status: 500 })));
    const id = await submit(74);
    expect((await settled(id)).attempts.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 9 }, () => 'retrying'),
      'given_up',
    ]);
    receiver.answer({ status: 404 });
    const replay = () => send(`${service.url}/jobs/${id}/webhooks/replay`, { method: 'POST' });
    expect(await replay()).toMatchObject({ status: 202, json: { state: 'pending' } });
    expect((await settled(id)).attempts.at(-1)).toMatchObject({ delivery: 2, outcome: 'given_up', status: 404 });
    await replay();
    expect((await settled(id)).attempts.at(-1)).toMatchObject({ delivery: 3, outcome: 'delivered', status: 204 });
    expect(receiver.calls).toHaveLength(12);
    expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('follows a redirect no further than the addresses it may call', async () => {
    receiver.answer({ status: 307, headers: { location: `http://127.0.0.2:${receiver.port}/` } });
    const { attempts } = await settled(await submit(75));
    expect(attempts).toMatchObject([{ outcome: 'given_up', status: null, error: expect.stringMatching(/^refused/) }]);
    expect(receiver.calls).toHaveLength(1);
  });

  it('says so when nobody answers', async () => {
    const webhook_url = receiver.url;
    await receiver.close();
    receiver = await Receiver.open();
    const id = await accepted(service.url, (await phrase(76)).bytes, { webhook_url });
    const { attempts } = await settled(id);
    expect(attempts).toHaveLength(10);
    expect(attempts[0]).toMatchObject({ status: null, error: 'no connection: ECONNREFUSED' });
  });

  it.each([
    ['outbox:webhooks', 'outbox', (id: string) => `job_ended:${id}:1`],
    // As builds before the outbox leave it.
    ['webhook-outbox', 'webhook-outbox', (id: string) => `${id}.1`],
  ])('is queued once, whoever takes it from %s how often', async (name, channel, memberOf) => {
    const id = await submit(77);
    await settled(id);
    const outbox = `${service.prefix}:${name}`;
    await redis.zadd(outbox, Date.now(), memberOf(id));
    await redis.publish(`${service.prefix}:${channel}`, '');
    await waitFor(async () => (await redis.zcard(outbox)) === 0, { what: 'the outbox to be emptied' });
    await submit(78).then(settled);
    expect(events().filter(({ data }) => data.job_id === id)).toHaveLength(1);
  });
});

describe('a request with webhook_url', () => {
  it.each(['http://10.0.0.1/', 'http://0x7f000002/', 'http://[::1]/', 'http://169.254.169.254/', 'http://u:p@a.test/'])(
    'is refused when it names %s',
    async (webhook_url) => {
      const reply = await transcribe(service.url, { bytes: wav() }, { webhook_url });
      expectError(reply, 422, 'invalid_parameter');
      expect(reply.json).toMatchObject({ parameters: [{ field: 'webhook_url' }] });
    },
  );

  it('is refused when it names no address', async () => {
    for (const webhook_url of ['no address', 'file:///etc/passwd']) {
      expectError(await transcribe(service.url, { bytes: wav() }, { webhook_url }), 422, 'invalid_parameter');
    }
  });

  it('can be asked about only by its owner, and replayed only when it has a webhook and an end', async () => {
    const unknown = `${service.url}/jobs/${randomUUID()}/webhooks`;
    expectError(await send(unknown), 404, 'job_not_found');
    expectError(await send(`${unknown}/replay`, { method: 'POST' }), 404, 'job_not_found');
    const plain = await accepted(service.url, (await phrase(79)).bytes);
    await ended(service.url, plain);
    expect(await webhookOf(plain)).toMatchObject({ url: null, state: 'none', attempts: [] });
    const replay = await send(`${service.url}/jobs/${plain}/webhooks/replay`, { method: 'POST' });
    expectError(replay, 409, 'no_webhook');
  });
});

describe('without a worker', () => {
  it('a webhook whose run has ended waits for one, and a deleted request takes its webhook along', async () => {
    const idle = await startService({ env: ENV, workers: 0 });
    try {
      const url = { webhook_url: receiver.url };
      const [id, gone] = [
        await accepted(idle.url, (await phrase(80)).bytes, url),
        await accepted(idle.url, (await phrase(81)).bytes, url),
      ];
      expectError(await send(`${idle.url}/jobs/${id}/webhooks/replay`, { method: 'POST' }), 409, 'job_not_finished');
      const runs = new Runs(idle.redis.client(), { prefix: idle.prefix, resultTtlSeconds: 60 });
      for (const requestId of [id, gone]) {
        const request = await runs.request(requestId);
        await runs.fail(
          { id: String(request?.runId), kind: 'transcription' },
          {
            code: 'transcription_failed',
            detail: 'as a process that then died',
          },
        );
      }
      await remove(idle.url, gone);
      expect((await send(`${idle.url}/jobs/${id}/webhooks`)).json).toMatchObject({ state: 'pending', attempts: [] });
      await idle.addWorker();
      await waitFor(() => Promise.resolve(receiver.calls.length > 0), { what: 'the webhook', timeoutMs: 30_000 });
      const outbox = `${idle.prefix}:outbox:webhooks`;
      await waitFor(async () => (await idle.redis.client().zcard(outbox)) === 0, { what: 'the outbox to be emptied' });
      expect(events().map(({ data }) => data.job_id)).toEqual([id]);
    } finally {
      await idle.close({ leftovers: true });
    }
  });

  it('SIGKILL of the worker at the moment its run ends delays the webhook, and loses none', async () => {
    const killed = await startService({ env: ENV });
    try {
      const subscriber = killed.redis.client();
      await subscriber.subscribe(`${killed.prefix}:outbox`);
      const [worker] = killed.workers;
      const dead = new Promise<unknown>((resolve) =>
        subscriber.once('message', () => void worker?.process.kill9().then(resolve)),
      );
      const id = await accepted(killed.url, (await phrase(82)).bytes, { webhook_url: receiver.url });
      await dead;
      const queued = await killed.redis.client().exists(`${killed.prefix}:webhooks:webhook.${id}.1`);
      const waiting = await killed.redis.client().zcard(`${killed.prefix}:outbox:webhooks`);
      expect(queued + waiting + receiver.calls.length).toBeGreaterThan(0);
      await killed.addWorker();
      await waitFor(() => Promise.resolve(receiver.calls.length > 0), { what: 'the webhook', timeoutMs: 30_000 });
      expect(new Set(events().map(({ data }) => data.job_id))).toEqual(new Set([id]));
    } finally {
      await killed.close({ leftovers: true });
    }
  });

  it('or without a secret, webhook_url is refused', async () => {
    const plain = await startService({ workers: 0 });
    try {
      const reply = await transcribe(plain.url, { bytes: wav() }, { webhook_url: 'https://example.org/' });
      expectError(reply, 422, 'invalid_parameter');
    } finally {
      await plain.close();
    }
  });
});
