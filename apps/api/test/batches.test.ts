import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { setImmediate as soon } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type WireBatch, wireBatchEventSchema, wireBatchSchema, wireBatchWebhookSchema } from '@sotto/contracts';
import { Receiver, type Service, startService, waitFor } from '@sotto/testkit';
import { unzipSync } from 'fflate';
import type { Redis } from 'ioredis';
import { Webhook } from 'standardwebhooks';
import { leavesNothing } from './support/fleet.ts';
import { wav } from './support/media.ts';
import { expectError, type Recording, type Reply, send } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

jest.setTimeout(90_000);

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const ENV = { WEBHOOK_SECRET: SECRET, ALLOWED_NETWORKS: '127.0.0.1', WEBHOOK_RETRY_DELAY: '0.05' };

let service: Service;
let redis: Redis;

beforeAll(async () => {
  service = await startService({ env: { ...ENV, MAX_BATCH_FILES: '12', MAX_BATCH_SIZE: '4000000' } });
  redis = service.redis.client();
});

afterAll(async () => {
  await service?.close();
});

type Fields = Record<string, string | string[]>;

function formOf(files: readonly Recording[], fields: Fields = {}): FormData {
  const form = new FormData();
  for (const { bytes, name = 'recording.wav', type = 'audio/wav' } of files) {
    form.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
  }
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
  return form;
}

const post = (url: string, files: readonly Recording[], fields: Fields = {}, headers: Record<string, string> = {}) =>
  send(`${url}/batches`, { method: 'POST', body: formOf(files, fields), headers });

function accepted(reply: Reply): WireBatch {
  expect({ status: reply.status, text: reply.status === 202 ? '' : reply.text }).toEqual({ status: 202, text: '' });
  const batch = wireBatchSchema.parse(reply.json);
  expect(reply.headers.get('location')).toBe(batch.status_url);
  return batch;
}

const batchOf = async (url: string, id: string) => wireBatchSchema.parse((await send(`${url}/batches/${id}`)).json);

const ended = (url: string, id: string) =>
  waitFor(
    async () => {
      const batch = await batchOf(url, id);
      return batch.status === 'processing' ? null : batch;
    },
    { what: `batch ${id} to end`, timeoutMs: 45_000 },
  );

async function archiveOf(url: string, id: string, query = ''): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/batches/${id}/results${query}`);
  expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
    status: 200,
    type: 'application/zip',
  });
  const entries = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  return Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
}

const settled = (id: string) =>
  waitFor(
    async () => {
      const { json } = await send(`${service.url}/batches/${id}/webhooks`);
      const webhook = wireBatchWebhookSchema.parse(json);
      return ['delivered', 'failed'].includes(webhook.state) ? webhook : null;
    },
    { what: `the webhook of batch ${id} to be settled`, timeoutMs: 30_000 },
  );

const text = Buffer.from('This is no sound. '.repeat(400));

describe('a batch', () => {
  it('transcribes many files with one set of options, and tells of each and of all', async () => {
    const spoken = await Promise.all([201, 202, 203].map(phrase));
    const files = [
      ...spoken.map(({ bytes }, index) => ({ bytes, name: index === 2 ? 'Talk 0.mp4' : `talk ${index}.wav` })),
      { bytes: text, name: 'no sound.wav' },
      { bytes: wav(20), name: 'short.wav' },
      { bytes: text, name: 'notes.txt', type: 'text/plain' },
    ];
    const at = accepted(await post(service.url, files, { response_format: 'srt', language: 'en' }));
    expect(at.items.map(({ index, file_name }) => [index, file_name])).toEqual(
      files.map(({ name }, index) => [index, name]),
    );
    const refused = at.items.filter(({ job_id: id }) => id === undefined);
    expect(refused.map(({ index, error }) => [index, error])).toEqual([
      [3, 'invalid_file_format'],
      [5, 'invalid_file_format'],
    ]);
    const batch = await ended(service.url, at.batch_id);
    expect(batch).toMatchObject({
      status: 'completed',
      results_url: `/batches/${at.batch_id}/results`,
      counts: { total: 6, queued: 0, processing: 0, completed: 3, failed: 3, cancelled: 0 },
    });
    expect(batch.items[4]).toMatchObject({ status: 'failed', error: 'audio_too_short' });
    for (const [index, { text: said }] of spoken.entries()) {
      const { text: heard } = (await send(`${service.url}${batch.items[index]?.result_url}?format=json`)).json ?? {};
      expectHeard(heard, said);
    }
    const srt = await archiveOf(service.url, at.batch_id);
    expect(Object.keys(srt)).toEqual(['talk 0.srt', 'talk 1.srt', 'Talk 0 (2).srt', 'errors.json']);
    expect(srt['talk 0.srt']).toMatch(/^1\n00:00:0\d,\d{3} --> /);
    expect(JSON.parse(srt['errors.json'] ?? '')).toMatchObject([
      { index: 3, file_name: 'no sound.wav', error: 'invalid_file_format' },
      { index: 4, file_name: 'short.wav', error: 'audio_too_short' },
      { index: 5, file_name: 'notes.txt', error: 'invalid_file_format' },
    ]);
    const txt = await archiveOf(service.url, at.batch_id, '?format=txt');
    expect(txt['talk 1.txt']).toBe((await send(`${service.url}${batch.items[1]?.result_url}?format=text`)).text);
    await leavesNothing(service, redis);
  });

  it('calls its webhook once, at the end, and its items have none', async () => {
    const receiver = await Receiver.open();
    try {
      const files = [await phrase(204), await phrase(205), { bytes: wav(20) }];
      const { batch_id, items } = accepted(await post(service.url, files, { webhook_url: receiver.url }));
      await waitFor(async () => receiver.calls.length > 0, { what: 'the webhook', timeoutMs: 30_000 });
      const [call] = receiver.calls;
      expect(call?.headers['webhook-id']).toBe(`msg_${batch_id}`);
      const event = wireBatchEventSchema.parse(
        new Webhook(SECRET).verify(call?.body ?? '', call?.headers as Record<string, string>),
      );
      expect(event).toMatchObject({
        type: 'batch.completed',
        data: { batch_id, status: 'completed', counts: { total: 3, completed: 2, failed: 1 } },
      });
      const outbox = `${service.prefix}:outbox:webhooks`;
      await waitFor(async () => (await redis.zcard(outbox)) === 0, { what: 'the outbox to be emptied' });
      const webhook = await settled(batch_id);
      expect(webhook).toMatchObject({ url: receiver.url, webhook_id: `msg_${batch_id}`, state: 'delivered' });
      expect(webhook.attempts).toMatchObject([{ delivery: 1, attempt: 1, outcome: 'delivered', status: 204 }]);
      expect((await send(`${service.url}/jobs/${items[0]?.job_id}/webhooks`)).json).toMatchObject({ state: 'none' });
      expect(receiver.calls).toHaveLength(1);
    } finally {
      await receiver.close();
    }
  });

  it('tells of its webhook, and delivers it once more', async () => {
    const receiver = await Receiver.open();
    try {
      const { batch_id } = accepted(await post(service.url, [await phrase(209)], { webhook_url: receiver.url }));
      await settled(batch_id);
      receiver.answer({ status: 503 });
      const replay = await send(`${service.url}/batches/${batch_id}/webhooks/replay`, { method: 'POST' });
      expect(replay).toMatchObject({ status: 202, json: { batch_id, state: 'pending' } });
      expect((await settled(batch_id)).attempts.map(({ delivery, status }) => [delivery, status])).toEqual([
        [1, 204],
        [2, 503],
        [2, 204],
      ]);
      expect(new Set(receiver.calls.map(({ body }) => body)).size).toBe(1);
      expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`msg_${batch_id}`]));
    } finally {
      await receiver.close();
    }
    const { batch_id } = accepted(await post(service.url, [await phrase(209)]));
    expect((await send(`${service.url}/batches/${batch_id}/webhooks`)).json).toMatchObject({
      state: 'none',
      url: null,
    });
    const replay = await send(`${service.url}/batches/${batch_id}/webhooks/replay`, { method: 'POST' });
    expectError(replay, 409, 'no_webhook');
  });

  it('fetches recordings by their address, beside files', async () => {
    const [one, two] = [await phrase(206), await phrase(207)];
    const server: Server = createServer((request, response) => {
      if (request.url === '/gone.wav') response.writeHead(404).end();
      else response.end(one.bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    try {
      const url = [`${base}/one.wav`, `${base}/gone.wav`, 'http://10.0.0.1/private.wav'];
      const { batch_id } = accepted(await post(service.url, [two], { url }));
      const { items } = await ended(service.url, batch_id);
      expect(items).toMatchObject([
        { status: 'completed', file_name: 'recording.wav' },
        { status: 'completed', file_name: 'one.wav', url: `${base}/one.wav` },
        { status: 'failed', error: 'url_not_fetched' },
        { status: 'failed', error: 'invalid_parameter' },
      ]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('is done at once when all of it is known already, and may have the same recording twice', async () => {
    const spoken = await phrase(208);
    const first = accepted(await post(service.url, [spoken, { ...spoken, name: 'again.wav' }]));
    await ended(service.url, first.batch_id);
    const second = await ended(service.url, accepted(await post(service.url, [spoken])).batch_id);
    expect(second.counts).toMatchObject({ total: 1, completed: 1 });
  });

  it('is refused when nothing of it can be taken, and leaves nothing', async () => {
    const alike = await post(service.url, [{ bytes: text }, { bytes: text, name: 'b.wav' }]);
    expectError(alike, 400, 'invalid_file_format');
    expect(alike.json).toMatchObject({ items: [{ index: 0 }, { index: 1, file_name: 'b.wav' }] });
    const mixed = await post(service.url, [{ bytes: text }, { bytes: new Uint8Array() }]);
    expectError(mixed, 422, 'nothing_accepted');
    expect(mixed.json).toMatchObject({ items: [{ error: 'invalid_file_format' }, { error: 'empty_file' }] });
    expectError(await post(service.url, []), 400, 'file_missing');
    expectError(await post(service.url, [{ bytes: wav() }], { model: 'large-v3' }), 422, 'model_not_available');
    expectError(await post(service.url, [{ bytes: wav() }], { temprature: '0' }), 400, 'unknown_field');
    expectError(await post(service.url, [{ bytes: wav() }], { temperature: '7' }), 422, 'invalid_parameter');
    expectError(await post(service.url, [{ bytes: wav() }], { url: 'file:///etc/passwd' }), 422, 'invalid_parameter');
    expectError(await post(service.url, [{ bytes: wav() }], { async: 'false' }), 400, 'unknown_field');
    const many = Array.from({ length: 13 }, () => ({ bytes: wav(200) }));
    expectError(await post(service.url, many), 413, 'batch_too_large');
    expectError(
      await post(service.url, [{ bytes: wav(3_000) }], { url: Array(12).fill('http://127.0.0.1/') }),
      413,
      'batch_too_large',
    );
    const large = Buffer.concat([Buffer.from(wav()), Buffer.alloc(3_000_000)]);
    expectError(await post(service.url, [{ bytes: large }, { bytes: large }]), 413, 'batch_too_large');
    await leavesNothing(service, redis);
    expect(await redis.zcard(`${service.prefix}:batches`)).toBe(0);
    expect(await redis.keys(`${service.prefix}:batch:*:requests`)).toEqual([]);
  });

  it('is unknown by another id, and has no results before its end', async () => {
    for (const path of [`/batches/${randomUUID()}`, `/batches/${randomUUID()}/results`, '/batches/nonsense']) {
      expectError(await send(service.url + path), 404, 'batch_not_found');
    }
    expectError(await send(`${service.url}/batches/${randomUUID()}`, { method: 'DELETE' }), 404, 'batch_not_found');
  });
});

describe('without a worker', () => {
  let idle: Service;
  let client: Redis;
  beforeAll(async () => {
    idle = await startService({
      env: ENV,
      workers: 0,
      apiEnv: { ENABLE_API_KEY: 'true', API_KEY: 'first-key', ADMIN_API_KEY: 'admin-key' },
    });
    client = idle.redis.client();
  });
  afterAll(async () => {
    await idle?.close({ leftovers: true });
  });

  const as = (key: string) => ({ 'X-API-Key': key });
  const asFirst = { headers: as('first-key') };

  it('what waits is cancelled, the rest stays; then the batch is deleted with its results', async () => {
    const files = [{ bytes: wav(500, 301) }, { bytes: wav(500, 302), name: 'b.wav' }];
    const { batch_id, counts, items } = accepted(await post(idle.url, files, {}, as('first-key')));
    expect(counts).toMatchObject({ total: 2, queued: 2 });
    const address = `${idle.url}/batches/${batch_id}`;
    expectError(await send(`${address}/results`, asFirst), 409, 'job_not_finished');
    const cancelled = await send(address, { method: 'DELETE', ...asFirst });
    expect(cancelled).toMatchObject({ status: 200, json: { status: 'cancelled', counts: { total: 2, cancelled: 2 } } });
    expect((await send(`${idle.url}/status/${items[0]?.job_id}`, asFirst)).json).toMatchObject({ status: 'cancelled' });
    expect(
      Object.keys(unzipSync(new Uint8Array(await (await fetch(`${address}/results`, asFirst)).arrayBuffer()))),
    ).toEqual(['errors.json']);
    await leavesNothing(idle, client);
    expect(await client.pttl(`${idle.prefix}:batch:${batch_id}`)).toBeGreaterThan(0);
    expect((await send(address, { method: 'DELETE', ...asFirst })).status).toBe(204);
    expectError(await send(address, asFirst), 404, 'batch_not_found');
    expectError(await send(`${idle.url}/status/${items[0]?.job_id}`, asFirst), 404, 'job_not_found');
  });

  it('tells the address of its key, where its request names none', async () => {
    const made = await send(`${idle.url}/admin/keys`, {
      method: 'POST',
      headers: { ...as('admin-key'), 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'told', webhook_url: 'http://127.0.0.1:9/of-the-key' }),
    });
    const headers = as(String(made.json?.key));
    const files = [{ bytes: wav(500, 321) }, { bytes: wav(500, 322), name: 'b.wav' }];
    const { batch_id, items } = accepted(await post(idle.url, files, {}, headers));
    const address = `${idle.url}/batches/${batch_id}`;
    expect((await send(`${address}/webhooks`, { headers })).json).toMatchObject({
      batch_id,
      url: 'http://127.0.0.1:9/of-the-key',
      state: 'waiting',
      attempts: [],
    });
    expectError(await send(`${address}/webhooks/replay`, { method: 'POST', headers }), 409, 'job_not_finished');
    for (const { job_id } of items) {
      expect((await send(`${idle.url}/jobs/${job_id}/webhooks`, { headers })).json).toMatchObject({ state: 'none' });
    }
    await send(address, { method: 'DELETE', headers });
    expect(await client.zrange(`${idle.prefix}:outbox:webhooks`, '0', '-1')).toContain(`batch_ended:${batch_id}:1`);
    await leavesNothing(idle, client);
  });

  it("is nobody else's, and the limits of its key hold for each of its recordings", async () => {
    const made = await send(`${idle.url}/admin/keys`, {
      method: 'POST',
      headers: { ...as('admin-key'), 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'two at once', concurrent_jobs: 2 }),
    });
    const key = String(made.json?.key);
    const files = [311, 312, 313].map((hertz) => ({ bytes: wav(500, hertz), name: `${hertz}.wav` }));
    const { batch_id, items } = accepted(await post(idle.url, files, {}, as(key)));
    expect(items.map(({ status, error }) => [status, error])).toEqual([
      ['queued', undefined],
      ['queued', undefined],
      ['failed', 'key_full'],
    ]);
    const again = await post(idle.url, [{ bytes: wav(500, 314) }], {}, as(key));
    expectError(again, 429, 'key_full');
    for (const path of [`/batches/${batch_id}`, `/batches/${batch_id}/results`]) {
      expectError(await send(idle.url + path, asFirst), 404, 'batch_not_found');
    }
    expectError(
      await send(`${idle.url}/batches/${batch_id}`, { method: 'DELETE', ...asFirst }),
      404,
      'batch_not_found',
    );
    expect((await send(`${idle.url}/batches/${batch_id}`, { method: 'DELETE', headers: as(key) })).status).toBe(200);
    await leavesNothing(idle, client);
  });
});

describe('an API process that is killed', () => {
  const files = Array.from({ length: 60 }, (_, index) => ({ bytes: wav(300, 400 + index), name: `${index}.wav` }));

  it.each([1, 20, 45])(
    'with %i recordings attached, leaves a batch that finishes or nothing at all',
    async (attached) => {
      const mine = await startService({ env: ENV, workers: 0 });
      try {
        const client = mine.redis.client();
        const [api] = mine.apis;
        const sending = post(mine.url, files).catch(() => null);
        const first = async () => (await client.zrange(`${mine.prefix}:batches`, '0', '-1'))[0] ?? null;
        const id = await waitFor(first, { what: 'the batch to begin', intervalMs: 1 });
        const batch = `${mine.prefix}:batch:${id}`;
        for (;;) {
          const [state, count] = await Promise.all([client.hget(batch, 'state'), client.scard(`${batch}:requests`)]);
          if (state !== 'accepting' || count >= attached) break;
          await soon();
        }
        await api?.process.kill9();
        const reply = await sending;
        const isAccepted = (await client.hget(batch, 'state')) === 'processing';
        if (reply?.status === 202) expect(isAccepted).toBe(true);
        // As when a minute has gone by.
        await client.del(`${batch}:lease`);
        await mine.addWorker();
        const { url } = await mine.addApi();
        if (isAccepted) {
          const { status, counts } = await ended(url, id);
          expect({ status, total: counts.total, completed: counts.completed }).toEqual({
            status: 'completed',
            total: 60,
            completed: 60,
          });
        } else {
          await waitFor(async () => (await client.zcard(`${mine.prefix}:batches`)) === 0, {
            what: 'the batch to be dropped',
            timeoutMs: 40_000,
          });
          expectError(await send(`${url}/batches/${id}`), 404, 'batch_not_found');
          expect((await send(`${url}/jobs`)).json).toMatchObject({ jobs: [] });
          expect(await client.keys(`${batch}*`)).toEqual([]);
        }
        await leavesNothing(mine, client);
      } finally {
        await mine.close();
      }
    },
  );
});
