import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wireOwnUsageSchema, wireUsageReportSchema } from '@sotto/contracts';
import { Receiver, type Service, startService, waitFor } from '@sotto/testkit';
import { Webhook } from 'standardwebhooks';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply, send } from './support/replies.ts';
import { phrase } from './support/speech.ts';

const ADMIN = 'the admin key';
let service: Service;

beforeAll(async () => {
  service = await startService({
    env: { ALLOWED_NETWORKS: '127.0.0.1', WEBHOOK_RETRY_DELAY: '0.01' },
    apiEnv: {
      ENABLE_API_KEY: 'true',
      API_KEY: 'the first key',
      ADMIN_API_KEY: ADMIN,
      PRICE_PER_AUDIO_MINUTE: '0.6',
      PRICE_CURRENCY: 'CHF',
    },
  });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

async function make(form: object): Promise<{ id: string; key: string; webhook_secret: string }> {
  const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'a test', ...form });
  const { status, json } = await send(`${service.url}/admin/keys`, { method: 'POST', headers, body });
  expect(status).toBe(201);
  return { id: String(json?.id), key: String(json?.key), webhook_secret: String(json?.webhook_secret) };
}

const get = (path: string, key: string): Promise<Reply> => send(service.url + path, { headers: { 'X-API-Key': key } });

function post(key: string, bytes: Uint8Array, fields: Record<string, string> = {}): Promise<Reply> {
  const body = formOf({ bytes }, fields);
  return send(`${service.url}/transcribe`, { method: 'POST', body, headers: { 'X-API-Key': key } });
}

const usageOf = async (key: string) => wireOwnUsageSchema.parse((await get('/usage', key)).json);

describe('max_duration_seconds of a key', () => {
  it('refuses what is longer when it is decoded, and takes what the service would not', async () => {
    const { key } = await make({ max_duration_seconds: 2 });
    expectError(await post(key, wav(2_500, 410)), 422, 'audio_too_long');
    expect((await post(key, wav(1_900, 411))).status).toBe(200);
    const short = await startService({ env: { MAX_DURATION: '1' }, apiEnv: { ADMIN_API_KEY: ADMIN } });
    try {
      const form = { method: 'POST', body: formOf({ bytes: wav(1_900, 412) }) };
      expectError(await send(`${short.url}/transcribe`, form), 422, 'audio_too_long');
    } finally {
      await short.close();
    }
  });
});

describe('a quota', () => {
  it('refuses a recording that has more than is left, synchronous or not, and says until when', async () => {
    const { key } = await make({ audio_minutes_per_day: 0.05 });
    expect((await post(key, wav(2_000, 420))).status).toBe(200);
    const refused = await post(key, wav(1_500, 421));
    expectError(refused, 429, 'quota_exceeded');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(86_400);
    expect((await post(key, wav(900, 422))).status).toBe(200);
    expect((await post(key, wav(2_000, 420))).status).toBe(200);
    expect(await usageOf(key)).toMatchObject({
      total: { requests: 4, audio_seconds: 2.9 },
      quotas: [{ quota: 'day', limit_minutes: 0.05, used_minutes: 0.05, held_minutes: 0 }],
    });
  });

  it('refuses at the door when it is used up', async () => {
    const { key } = await make({ audio_minutes_per_month: 0.01 });
    expect((await post(key, wav(600, 430))).status).toBe(200);
    const refused = await post(key, wav(600, 431), { async: 'true' });
    expectError(refused, 429, 'quota_exceeded');
    expect(refused.json).toMatchObject({ quota: 'month', limit_minutes: 0.01, used_minutes: 0.01 });
    expect(Date.parse(String(refused.json?.resets_at))).toBeGreaterThan(Date.now());
  });
});

describe('the webhook of a key', () => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await Receiver.open();
  });
  afterAll(() => receiver.close());

  const signedWith = (secret: string) =>
    receiver.calls.map(({ headers, body }) => new Webhook(secret).verify(body, headers as Record<string, string>));
  const told = (count: number, type: RegExp) =>
    waitFor(
      async () => {
        const bodies = receiver.calls.map(
          ({ body }) => JSON.parse(body) as { type: string; data: { job_id?: string } },
        );
        const found = bodies.filter((body) => type.test(body.type));
        return found.length >= count ? found : null;
      },
      { what: `${count} calls of ${type}`, timeoutMs: 20_000 },
    );

  it('tells at 80 and 100 % of a quota, once each, and of the end of its jobs; signed with its own secret', async () => {
    const { id, key, webhook_secret } = await make({ audio_minutes_per_day: 0.05, webhook_url: receiver.url });
    expect(webhook_secret).toMatch(/^whsec_[\w+/]{43}=$/);
    const first = await post(key, wav(2_500, 460));
    await told(1, /^quota/);
    const second = await post(key, wav(500, 461));
    for (const hertz of [462, 463]) expectError(await post(key, wav(500, hertz)), 429, 'quota_exceeded');
    expect(await told(2, /^quota/)).toMatchObject([
      { type: 'quota.warning', data: { key_id: id, name: 'a test', quota: 'day', percent: 80, used_minutes: 0.04 } },
      { type: 'quota.reached', data: { percent: 100, limit_minutes: 0.05, used_minutes: 0.05 } },
    ]);
    const jobs = [first, second].map(({ headers }) => headers.get('x-job-id'));
    expect((await told(2, /^job/)).map(({ data }) => data.job_id).sort()).toEqual(jobs.sort());
    expect(signedWith(webhook_secret)).toHaveLength(4);
    const { quotas } = await usageOf(key);
    expect(quotas).toMatchObject([{ warned_at: expect.any(String), reached_at: expect.any(String) }]);
    const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(4);
  });

  it('is signed with a new secret at once, and with the old one for its grace; neither is ever listed', async () => {
    receiver.calls.length = 0;
    const { id, key, webhook_secret: old } = await make({ webhook_url: receiver.url });
    const admin = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
    const rotate = (seconds: number) =>
      send(`${service.url}/admin/keys/${id}/webhook-secret`, {
        method: 'POST',
        headers: admin,
        body: JSON.stringify({ grace_seconds: seconds }),
      });
    const rotated = await rotate(3600);
    const secret = String(rotated.json?.webhook_secret);
    await post(key, wav(500, 470));
    await told(1, /^job/);
    expect([signedWith(old).length, signedWith(secret).length]).toEqual([1, 1]);
    const listed = (await get('/admin/keys', ADMIN)).text + (await get(`/admin/keys/${id}`, ADMIN)).text;
    expect(listed).toContain('"has_webhook_secret":true');
    expect(listed).not.toMatch(/whsec_/);
    expectError(
      await send(`${service.url}/admin/keys/none/webhook-secret`, { method: 'POST', headers: admin, body: '{}' }),
      404,
      'key_not_found',
    );
  });

  it('may be no address inside, and needs a secret to sign with', async () => {
    const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
    const inside = JSON.stringify({ name: 'x', webhook_url: 'http://169.254.169.254/' });
    const refused = await send(`${service.url}/admin/keys`, { method: 'POST', headers, body: inside });
    expectError(refused, 422, 'invalid_parameter');
    const { id, key } = await make({});
    const body = JSON.stringify({ webhook_url: receiver.url });
    const changed = await send(`${service.url}/admin/keys/${id}`, { method: 'POST', headers, body });
    expectError(changed, 422, 'invalid_parameter');
    expectError(await post(key, wav(500, 480), { webhook_url: receiver.url }), 422, 'invalid_parameter');
  });
});

describe('usage', () => {
  it('has requests, sound, time of engines and cost, for the key itself and for operators', async () => {
    const { id, key } = await make({ name: 'A, "B"' });
    const { bytes } = await phrase(440);
    const { json } = await post(key, bytes);
    await post(key, bytes, { async: 'true' });
    expectError(await post(key, wav(20)), 422, 'audio_too_short');
    const own = await usageOf(key);
    const seconds = Number(json?.duration);
    expect(own).toMatchObject({ currency: 'CHF', price_per_audio_minute: 0.6, quotas: [] });
    expect(own.days).toMatchObject([{ day: own.to, key_id: id, name: 'A, "B"', requests: 3, audio_seconds: seconds }]);
    expect(own.total.processing_seconds).toBeGreaterThan(0);
    expect(own.total.cost).toBeCloseTo((seconds / 60) * 0.6, 5);

    const all = wireUsageReportSchema.parse((await get('/admin/usage', ADMIN)).json);
    expect(all.days).toContainEqual(own.days[0]);
    const csv = await get(`/admin/usage?format=csv&from=${own.to}`, ADMIN);
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(csv.text).toContain(`${own.to},${id},"A, ""B""",3,${seconds},`);
    expectError(await get('/admin/usage', key), 403, 'forbidden');
  });

  it('is of days that exist, and not of too many', async () => {
    for (const query of [
      'from=yesterday',
      'from=2026-02-30',
      'from=2026-02-02&to=2026-02-01',
      'from=0001-01-01',
      'x=1',
    ]) {
      expectError(await get(`/usage?${query}`, 'the first key'), 422, 'invalid_parameter');
    }
    expect((await get('/usage?from=2026-02-01&to=2026-02-01', 'the first key')).json).toMatchObject({ days: [] });
  });

  it('is of nobody in particular while keys are off', async () => {
    const open = await service.addApi({ ENABLE_API_KEY: 'false', ALLOW_OPEN_ACCESS: 'true' });
    const body = formOf({ bytes: wav(500, 450) });
    await send(`${open.url}/transcribe`, { method: 'POST', body });
    const { json } = await send(`${open.url}/usage`);
    expect(json?.days).toMatchObject([{ key_id: null, name: null, requests: 1, audio_seconds: 0.5 }]);
  });
});
