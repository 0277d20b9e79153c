import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wireOwnUsageSchema, wireUsageReportSchema } from '@sotto/contracts';
import { type Service, startService } from '@sotto/testkit';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply, send } from './support/replies.ts';
import { phrase } from './support/speech.ts';

const ADMIN = 'the admin key';
let service: Service;

beforeAll(async () => {
  service = await startService({
    apiEnv: {
      ...{ ENABLE_API_KEY: 'true', API_KEY: 'the first key', ADMIN_API_KEY: ADMIN },
      ...{ PRICE_PER_AUDIO_MINUTE: '0.6', PRICE_CURRENCY: 'CHF' },
    },
  });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

async function make(form: object): Promise<{ id: string; key: string }> {
  const headers = { 'X-API-Key': ADMIN, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'a test', ...form });
  const { status, json } = await send(`${service.url}/admin/keys`, { method: 'POST', headers, body });
  expect(status).toBe(201);
  return { id: String(json?.id), key: String(json?.key) };
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
    const open = await service.addApi({ ENABLE_API_KEY: 'false' });
    const body = formOf({ bytes: wav(500, 450) });
    await send(`${open.url}/transcribe`, { method: 'POST', body });
    const { json } = await send(`${open.url}/usage`);
    expect(json?.days).toMatchObject([{ key_id: null, name: null, requests: 1, audio_seconds: 0.5 }]);
  });
});
